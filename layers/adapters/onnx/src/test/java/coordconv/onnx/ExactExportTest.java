package coordconv.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import coordconv.kernels.Activation;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Axis;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordChannels.Ramp;
import coordconv.kernels.CoordPreset;
import coordconv.layers.Layer;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.CoordConvTranspose2d;
import coordconv.layers.convolution.Linear;
import coordconv.layers.pooling.GlobalMaxPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.shaping.Flatten;
import coordconv.layers.shaping.TileOverImage;
import coordconv.onnx.OnnxExport.Batch;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/**
 * Exported networks in ONNX Runtime and here. Weights and inputs are small integers and the coordinates are
 * dyadic: every partial sum is exact whatever its order, so that outputs are equal.
 */
class ExactExportTest {
    /** Sizes at which every preset without a radius has dyadic values: one less is a power of two. */
    private static final List<Integer> DYADIC = List.of(2, 3, 5, 9);
    private static final List<CoordPreset> WITHOUT_RADIUS = List.of(CoordPreset.NONE, CoordPreset.PADDLE,
            CoordPreset.UBER, CoordPreset.ROW_FIRST, CoordPreset.PADDLE_DETECTION_2_2, CoordPreset.SOLO, CoordPreset.MONAI);

    private record Sample(CoordConv2d layer, Shape input) {
        @Override
        public String toString() {
            return layer.spec() + " on " + input;
        }
    }

    @Provide
    Arbitrary<Sample> samples() {
        Arbitrary<Integer> small = Arbitraries.integers().between(1, 3);
        Arbitrary<Integer> pad = Arbitraries.integers().between(0, 2);
        Arbitrary<ConvSpec> specs = Combinators.combine(small, small, small, small, pad, pad, pad, pad)
                .as((kh, kw, sh, sw, t, b, l, r) -> ConvSpec.of(2, 4, 1).withKernel(Math.min(kh, 2 + t), Math.min(kw, 2 + l))
                        .withStride(sh, sw).withPadding(t, b, l, r));
        return Combinators.combine(specs, Arbitraries.of(DYADIC), Arbitraries.of(DYADIC), small,
                        Arbitraries.of(WITHOUT_RADIUS), Arbitraries.of(true, false), Arbitraries.of(1, 2),
                        Arbitraries.of(Activation.IDENTITY, Activation.RELU, Activation.leakyRelu(0.25f)))
                .as((spec, h, w, n, preset, bias, groups, activation) -> new Sample(
                        new CoordConv2d(spec.withBias(bias).withGroups(groups).withActivation(activation), preset),
                        Shape.of(n, 2, h, w)));
    }

    @Property(tries = 150)
    void convolutions(@ForAll("samples") Sample sample) {
        for (Batch batch : Batch.values()) {
            equal(sample.layer(), sample.input(), batch);
        }
    }

    @Test
    void wholeNetworks() {
        ConvSpec same = ConvSpec.of(3, 4, 3).withPadding(1).withActivation(Activation.RELU);
        equal(Sequential.builder()
                .add("tile", new TileOverImage(9, 9))
                .add("one", new CoordConv2d(same, CoordPreset.MONAI))
                .add("inner", Sequential.of(new Conv2d(ConvSpec.of(4, 2, 3).withStride(2).withPadding(1)), new MaxPool2d(3, 1, 1)))
                .add("up", new CoordConvTranspose2d(ConvSpec.of(2, 2, 2).withStride(2), 0, CoordPreset.ROW_FIRST))
                .add("plain", new ConvTranspose2d(ConvSpec.of(2, 3, 2).withStride(3).withBias(false), 2))
                .add("pool", new GlobalMaxPool2d())
                .add("flatten", new Flatten())
                .add("head", new Linear(3, 2)).build(), Shape.of(3, 3), Batch.ANY);
    }

    @Test
    void rampsOfEachImage() {
        CoordChannels own = new CoordChannels(List.of(new Ramp(Axis.COLUMN, new double[] {0.5, -2}, new double[] {0.25, 3})),
                Placement.BEFORE);
        equal(new CoordConv2d(ConvSpec.of(3, 2, 3), own, 4, 7), Shape.of(2, 3, 4, 7), Batch.FIXED);
    }

    private static void equal(Layer network, Shape input, Batch batch) {
        network.state().forEach((name, parameter) ->
                parameter.set(Models.random(parameter.shape().elements(), name.hashCode())));
        Tensor x = Tensor.of(Models.random(input.elements(), 9), input);
        // An open batch takes another number of samples than the export saw.
        byte[] model = OnnxExport.toBytes(network, batch == Batch.ANY ? input.withBatch(5) : input, batch);
        assertArrayEquals(OnnxRuntime.run(model, x.data(), input.toArray()), Networks.infer(network, x));
    }
}
