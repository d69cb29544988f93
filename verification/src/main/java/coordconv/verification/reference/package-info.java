/**
 * The definition that every kernel is checked against: convolution and its gradients in double
 * precision over coordinate tensors that really exist, and the rounding bound of a float kernel.
 */
package coordconv.verification.reference;
