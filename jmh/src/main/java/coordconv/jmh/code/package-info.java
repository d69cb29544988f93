/**
 * Checks of the machine code that the JVM makes of the kernels, so that a JDK that compiles them worse is noticed:
 * no allocation in the steady state, and inner loops of fused multiply-adds without a call and without a spilled
 * vector.
 */
package coordconv.jmh.code;
