/** Deformable convolution against its definition. */
package coordconv.verification.deformable;
