/**
 * What the property suite calls: the kernel under test behind one small interface, ours by default.
 */
package coordconv.verification.kernel;
