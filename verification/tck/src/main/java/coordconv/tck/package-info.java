/**
 * Holds a convolution of your own to the properties, exact cases, rounding bounds and special values that
 * coordconv's kernels are held to.
 *
 * <p>Implement {@link coordconv.verification.kernel.ConvKernel} over your code, extend {@link
 * coordconv.tck.ConvKernelTest}, and run it with JUnit 5:
 *
 * {@snippet :
 * class MyConvTest extends ConvKernelTest {
 *     @Override
 *     protected ConvKernel kernel() {
 *         return new MyConv();
 *     }
 * }
 * }
 */
package coordconv.tck;
