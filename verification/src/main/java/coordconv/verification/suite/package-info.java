/**
 * What must hold of a convolution, run over a kernel: properties of random cases, exact cases, and a file of
 * problems, with a report.
 */
package coordconv.verification.suite;
