/**
 * The JMH benchmarks: one state class a kind, everything that varies a parameter, nothing but the
 * call itself in a benchmark method. {@link coordconv.jmh.benchmark.BenchmarksCommand} fills the
 * parameters from the problem file and shows rates beside the ceilings of the same run.
 */
package coordconv.jmh.benchmark;
