package coordconv.verification.cases;

import coordconv.kernels.ConvGeometry;
import coordconv.kernels.TensorLayout;
import coordconv.verification.reference.ChannelOrder;
import java.util.EnumMap;
import java.util.Map;

/** The same call with input and output in the other order of channels: the same sums in the same order. */
public final class LayoutTwin {
    private LayoutTwin() {}

    /** Checks that the twin of a case gives the bits that the case gave. */
    public static void same(Pass pass, Case c, Tensors t, float[] out) {
        ConvGeometry g = c.geometry();
        Case twin = c.withGeometry(g.toBuilder()
                .inputLayout(other(g.inputLayout())).outputLayout(other(g.outputLayout())).build());
        float[] mirrored = pass.run(twin, mirror(t, g, twin.geometry()));
        Check.sameBits(out, mirror(pass, mirrored, twin.geometry(), g), pass + ", laid out otherwise, of " + c);
    }

    private static TensorLayout other(TensorLayout layout) {
        return layout == TensorLayout.NCHW ? TensorLayout.NHWC : TensorLayout.NCHW;
    }

    private static Tensors mirror(Tensors t, ConvGeometry from, ConvGeometry to) {
        Map<Pass, float[]> held = new EnumMap<>(Pass.class);
        t.held().forEach((pass, tensor) -> held.put(pass, mirror(pass, tensor, from, to)));
        return new Tensors(mirror(Pass.BACKWARD_INPUT, t.x(), from, to), t.weights(), t.bias(),
                mirror(Pass.FORWARD, t.dy(), from, to), held);
    }

    /** Rearranges a tensor of the shape that a pass writes. */
    private static float[] mirror(Pass shape, float[] tensor, ConvGeometry from, ConvGeometry to) {
        return switch (shape) {
            case FORWARD -> ChannelOrder.ofOutput(to).fromNchw(ChannelOrder.ofOutput(from).toNchw(tensor));
            case BACKWARD_INPUT -> ChannelOrder.ofInput(to).fromNchw(ChannelOrder.ofInput(from).toNchw(tensor));
            case BACKWARD_WEIGHTS, BACKWARD_BIAS -> tensor;
        };
    }
}
