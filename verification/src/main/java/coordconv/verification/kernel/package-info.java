/**
 * What the property suite calls: the kernel under test behind one small interface, ours by default.
 *
 * {@snippet lang=java :
 * public final class MyConv implements ConvKernel {
 *     @Override
 *     public void forward(ConvCall call, float[] x, float[] weights, float[] bias, float[] y) {
 *         ConvGeometry g = call.geometry();
 *         AcmeConv.run(x, g.batch(), g.channels(), g.height(), g.width(), weights, g.outChannels(), y);
 *     }
 * }
 * }
 */
package coordconv.verification.kernel;
