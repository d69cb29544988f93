/** Medians and confidence intervals of timings. */
package coordconv.jmh.stats;
