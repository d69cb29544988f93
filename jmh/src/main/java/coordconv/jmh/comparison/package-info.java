/** The comparison with other engines: check every output, time all engines interleaved, keep the samples. */
package coordconv.jmh.comparison;
