/**
 * The definition that every kernel is checked against: convolution and its gradients in double
 * precision over coordinate tensors that really exist, and the rounding bound of a float kernel.
 *
 * {@snippet lang=java :
 * Expected expected = new ReferenceConv2d(geometry).forward(x, weights, bias);
 * Comparison worst = expected.compare(y);                     // of the element nearest to its bound, or beyond it
 * if (!worst.ok()) {
 *     throw new AssertionError(worst);
 * }
 * }
 */
package coordconv.verification.reference;
