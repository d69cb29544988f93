package coordconv.layers.convolution;

import coordconv.kernels.FloatRegion;
import coordconv.layers.Parameter;
import coordconv.layers.normalisation.BatchNorm2d;

/**
 * Weights [O, ...] and bias [O] with a batch normalisation's affine map folded in: row o is scaled by the
 * map's factor for channel o, the bias is scaled and shifted.
 */
final class FoldedWeights {
    private final Parameter weight;
    private final Parameter bias;
    private final BatchNorm2d after;
    private final float[] scaled;
    private final float[] shifted;
    private final FloatRegion scaledRegion;
    private final FloatRegion shiftedRegion;

    FoldedWeights(Parameter weight, Parameter bias, BatchNorm2d after) {
        this.weight = weight;
        this.bias = bias;
        this.after = after;
        scaled = new float[weight.shape().elements()];
        shifted = new float[after.channels()];
        scaledRegion = FloatRegion.of(scaled);
        shiftedRegion = FloatRegion.of(shifted);
        refresh();
    }

    void refresh() {
        int row = scaled.length / shifted.length;
        for (int o = 0; o < shifted.length; o++) {
            double scale = after.foldedScale(o);
            for (int i = o * row; i < (o + 1) * row; i++) {
                scaled[i] = (float) (scale * weight.values()[i]);
            }
            shifted[o] = (float) (after.foldedShift(o) + (bias == null ? 0 : scale * bias.values()[o]));
        }
    }

    FloatRegion weights() {
        return scaledRegion;
    }

    FloatRegion biases() {
        return shiftedRegion;
    }

    long version() {
        return after.version();
    }
}
