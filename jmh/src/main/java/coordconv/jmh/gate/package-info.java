/**
 * The regression gate. It judges ratios, never times: our rate over a ceiling that shares no code
 * with us and is measured between our samples, and our time over that of another build of our jar
 * in the JVM beside. Each fork gives one value, because two JVMs may compile the same code
 * differently; the tests are over forks.
 */
package coordconv.jmh.gate;
