package coordconv.verification.cases;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.TensorLayout;
import java.util.EnumMap;
import java.util.Map;

/** The same call with input and output in the other order of channels: the same sums in the same order. */
public final class LayoutTwin {
    private LayoutTwin() {}

    /**
     * Checks that the twin of a case gives the bits that the case gave.
     *
     * @param pass what was computed
     * @param c the case
     * @param t its tensors
     * @param out what the pass gave
     */
    public static void same(Pass pass, Case c, Tensors t, float[] out) {
        ConvGeometry g = c.geometry();
        Case twin = c.withGeometry(g.toBuilder()
                .inputLayout(other(g.inputLayout())).outputLayout(other(g.outputLayout())).build());
        float[] mirrored = pass.run(twin, mirror(t, c, twin));
        Check.sameBits(out, mirror(pass, mirrored, twin, c), pass + ", laid out otherwise, of " + c);
    }

    private static TensorLayout other(TensorLayout layout) {
        return layout == TensorLayout.NCHW ? TensorLayout.NHWC : TensorLayout.NCHW;
    }

    private static Tensors mirror(Tensors t, Case from, Case to) {
        Map<Pass, float[]> held = new EnumMap<>(Pass.class);
        t.held().forEach((pass, tensor) -> held.put(pass, mirror(pass, tensor, from, to)));
        return new Tensors(mirror(Pass.BACKWARD_INPUT, t.x(), from, to), t.weights(), t.bias(),
                mirror(Pass.FORWARD, t.dy(), from, to), held);
    }

    /** Rearranges a tensor of the shape that a pass writes. */
    private static float[] mirror(Pass shape, float[] tensor, Case from, Case to) {
        return switch (shape) {
            case FORWARD -> to.outputOrder().fromNchw(from.outputOrder().toNchw(tensor));
            case BACKWARD_INPUT -> to.inputOrder().fromNchw(from.inputOrder().toNchw(tensor));
            case BACKWARD_WEIGHTS, BACKWARD_BIAS -> tensor;
        };
    }
}
