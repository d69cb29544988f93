/** Medians, intervals and tests: what may be said of timings that scatter. */
package coordconv.jmh.stats;
