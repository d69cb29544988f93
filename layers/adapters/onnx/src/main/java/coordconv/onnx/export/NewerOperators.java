package coordconv.onnx.export;

import coordconv.layers.Layer;
import coordconv.layers.convolution.DeformableConv2d;
import coordconv.layers.pooling.AvgPool2d;
import coordconv.layers.shaping.Pad;
import coordconv.layers.shaping.Resize;
import coordconv.layers.shaping.ResizeSpec;
import coordconv.layers.shaping.ResizeSpec.Coordinates;
import coordconv.layers.shaping.ResizeSpec.Fit;
import coordconv.onnx.model.OnnxGraph;
import coordconv.onnx.operators.ResizeLike;

/** Which layers need a newer operator set than most. */
final class NewerOperators {
    private NewerOperators() {}

    static int needed(Layer layer) {
        return switch (layer) {
            case Resize resize -> needed(resize.spec());
            case ResizeLike resize -> needed(resize.spec());
            case DeformableConv2d ignored -> 19;
            case Pad pad when pad.mode() == Pad.Mode.WRAP -> 19;
            case AvgPool2d pool when pool.spec().dilationHeight() > 1 || pool.spec().dilationWidth() > 1 -> 19;
            // ONNX Runtime's operator of before counted places beyond the padding (its pull request 29629).
            case AvgPool2d pool when pool.spec().ceil() && pool.countsPadding() -> 19;
            default -> OnnxGraph.OPSET;
        };
    }

    private static int needed(ResizeSpec spec) {
        if (spec.coordinates() == Coordinates.HALF_PIXEL_SYMMETRIC) {
            return 19;
        }
        return spec.isAntialiased() || spec.fit() != Fit.STRETCH ? 18 : OnnxGraph.OPSET;
    }
}
