/**
 * Timing in several JVMs at once. Each engine, and each build of our own kernels, has a worker process with a class
 * path of its own. The parent lets one worker run at a time, in shuffled order and for short samples, so that a change
 * of the machine's speed affects all of them alike.
 */
package coordconv.jmh.worker;
