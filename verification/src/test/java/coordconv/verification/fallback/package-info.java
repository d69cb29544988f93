/** A JVM that was started without the Vector API. */
package coordconv.verification.fallback;
