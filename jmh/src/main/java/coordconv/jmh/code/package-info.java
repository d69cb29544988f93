/**
 * Checks of what the JVM made of the kernels, so that a JDK that compiles them worse is noticed:
 * no bytes allocated in the steady state, and an inner loop of fused multiply-adds without a call
 * and without a spilled vector.
 */
package coordconv.jmh.code;
