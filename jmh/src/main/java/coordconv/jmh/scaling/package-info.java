/** Time and memory against the size of the problem and the number of threads, with the slopes to expect. */
package coordconv.jmh.scaling;
