/** Every public method and constructor of kernels and layers, called with hostile arguments. */
package coordconv.verification.entrypoints;
