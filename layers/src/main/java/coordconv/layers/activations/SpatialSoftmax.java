package coordconv.layers.activations;

import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.internal.FloatLoops;

/** Softmax over the pixels of each channel of each image: [N, C, H, W] -> the same. */
public final class SpatialSoftmax extends Layer {
    private Tensor y;
    private int pixels;

    /** Makes the layer. */
    public SpatialSoftmax() {}

    @Override
    public String type() {
        return "SpatialSoftmax";
    }

    @Override
    protected Shape infer(Shape input) {
        requireImages(input, 0);
        return input;
    }

    @Override
    protected void allocate(Shape input, Shape output, Execution execution, boolean inputGradient) {
        y = Tensor.zeros(output);
        pixels = input.extent(2) * input.extent(3);
    }

    @Override
    protected Tensor compute(Tensor x, Phase phase) {
        float[] from = x.data();
        float[] into = y.data();
        for (int at = 0; at < into.length; at += pixels) {
            float max = FloatLoops.max(from, at, pixels);
            double sum = 0;
            for (int i = at; i < at + pixels; i++) {
                double e = Math.exp(from[i] - max);
                into[i] = FloatLoops.withoutNegligible(e);
                sum += e;
            }
            FloatLoops.affine(into, at, (float) (1 / sum), 0, into, at, pixels);
        }
        return y;
    }

    @Override
    protected Tensor propagate(Tensor dy) {
        float[] p = y.data();
        float[] g = dy.data();
        for (int at = 0; at < g.length; at += pixels) {
            float mean = (float) FloatLoops.dot(p, at, g, at, pixels);
            for (int i = at; i < at + pixels; i++) {
                g[i] = p[i] * (g[i] - mean);
            }
        }
        return dy;
    }
}
