/**
 * The demonstration: a photograph, a small network whose weights are set by hand, run with and
 * without coordinate channels, and the picture that compares the two.
 */
package coordconv.cli.demo;
