/** Measures the machine, for figures to be compared with. */
package coordconv.kernels.benchmark;
