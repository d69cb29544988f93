/** The suite of checks over the engines of the comparison. */
package coordconv.jmh.suite;
