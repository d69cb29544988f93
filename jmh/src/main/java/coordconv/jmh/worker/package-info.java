/**
 * Timing in several JVMs at once. Each engine, or each version of our own jar, lives in a worker
 * process of its own class path; the parent lets one of them run at a time, in shuffled order, many
 * short times, so that all of them see the same machine.
 */
package coordconv.jmh.worker;
