/**
 * Measures the machine, for figures to be compared with.
 *
 * {@snippet lang=java :
 * double most = Ceiling.gflops(1.0);        // a second on one thread, data in the first-level cache
 * System.out.printf("%.0f of %.0f GFLOP/s%n", geometry.flops() / nanos, most);
 * }
 */
package coordconv.kernels.benchmark;
