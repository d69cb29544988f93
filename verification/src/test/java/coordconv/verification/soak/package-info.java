/** Long runs in a JVM of their own: nothing grows, and a steady call allocates nothing. */
package coordconv.verification.soak;
