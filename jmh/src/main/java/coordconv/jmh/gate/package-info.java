/**
 * The regression gate. It judges ratios instead of times: our rate relative to a ceiling that shares no code with us
 * and is measured between our samples, and our time relative to that of another build of the kernels, measured in turn
 * in a second JVM. Each fork gives one value, because two JVMs may compile the same code differently; the statistical
 * tests compare forks.
 */
package coordconv.jmh.gate;
