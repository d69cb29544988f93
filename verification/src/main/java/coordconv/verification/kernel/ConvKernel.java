package coordconv.verification.kernel;

import coordconv.kernels.Activation;
import coordconv.kernels.ConvGeometry;

/**
 * A convolution kernel as the property suite sees it.
 *
 * <p>Implement this for a kernel of your own and name the class in the system property
 * {@value #PROPERTY}: the suite then holds it to the same exact tests, rounding bounds and adjoint
 * identities as ours. The class needs a public constructor without arguments.
 *
 * <p>Tensors are NCHW with the shapes of {@link ConvGeometry}. With {@code accumulate} a result is
 * added to what the output holds, else it replaces it. The gradients ignore the activation.
 */
public interface ConvKernel {
    /** Name of the system property that chooses the kernel under test. */
    String PROPERTY = "coordconv.kernel";

    /**
     * y = activation(conv(join(x, coordinates), weights) + bias).
     *
     * @param g the geometry
     * @param x [N, C, H, W]
     * @param weights [O, (C + coords) / groups, KH, KW]
     * @param bias [O], or null
     * @param activation applied last
     * @param accumulate whether y is added to, before the activation
     * @param y [N, O, OH, OW]
     * @param threads how many threads to use
     */
    void forward(ConvGeometry g, float[] x, float[] weights, float[] bias, Activation activation,
            boolean accumulate, float[] y, int threads);

    /** dx [N, C, H, W] from dy [N, O, OH, OW] and the weights. */
    void backwardInput(ConvGeometry g, float[] dy, float[] weights, boolean accumulate, float[] dx, int threads);

    /** dw, of the shape of the weights, from x and dy. */
    void backwardWeights(ConvGeometry g, float[] x, float[] dy, boolean accumulate, float[] dw, int threads);

    /** db [O] from dy. */
    void backwardBias(ConvGeometry g, float[] dy, boolean accumulate, float[] db, int threads);

    /**
     * The kernel that the suite tests.
     *
     * @param fallback used where the property is not set
     * @return a new instance of the class it names
     * @throws IllegalArgumentException if that class is missing or no such kernel
     */
    static ConvKernel underTest(ConvKernel fallback) {
        String name = System.getProperty(PROPERTY);
        if (name == null) {
            return fallback;
        }
        try {
            return (ConvKernel) Class.forName(name).getConstructor().newInstance();
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            throw new IllegalArgumentException(PROPERTY + ": given " + name
                    + ", needed a ConvKernel with a public constructor without arguments", e);
        }
    }
}
