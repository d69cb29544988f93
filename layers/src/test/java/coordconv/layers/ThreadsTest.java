package coordconv.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import coordconv.kernels.Parallelism;
import coordconv.layers.activations.PReLU;
import coordconv.layers.activations.Softmax;
import coordconv.layers.activations.Unary;
import coordconv.layers.merging.Binary;
import coordconv.layers.merging.BinaryFunction;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.normalisation.ChannelNorm;
import coordconv.layers.normalisation.GroupNorm;
import coordconv.layers.normalisation.LayerNorm;
import coordconv.layers.normalisation.LocalResponseNorm;
import coordconv.layers.pooling.AdaptiveAvgPool2d;
import coordconv.layers.pooling.AvgPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.pooling.Reduce;
import coordconv.layers.pooling.Reduction;
import coordconv.layers.shaping.Pad;
import coordconv.layers.shaping.Resize;
import coordconv.layers.shaping.ResizeSpec;
import coordconv.layers.shaping.ResizeSpec.Mode;
import coordconv.layers.shaping.Transpose;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers that share their loops among threads: the same bits whatever the number of threads. */
class ThreadsTest {
    /** Enough for several ranges, and no multiple of their number. */
    private static final Shape IMAGES = Shape.of(5, 7, 61, 67);

    static Stream<Layer> layers() {
        return Stream.of(Unary.silu(), Unary.gelu(), new PReLU(7), new PReLU(1), new Softmax(1), new Softmax(-1),
                Softmax.logarithm(0), new MaxPool2d(3, 2, 1), new MaxPool2d(5, 1, 2), new AvgPool2d(2),
                new AdaptiveAvgPool2d(7, 7), new Resize(ResizeSpec.byScales(Mode.LINEAR, 1.5, 2)),
                new Resize(ResizeSpec.byScales(Mode.NEAREST, 2, 2)), new Transpose(0, 2, 3, 1), new Transpose(3, 1, 2, 0),
                Pad.images(Pad.Mode.REFLECT, 1, 2, 3, 4), new GroupNorm(7, 7), new LayerNorm(Shape.of(61, 67), 1e-3),
                new ChannelNorm(7, 1e-3), new LocalResponseNorm(5, 1, 0.75, 1), new BatchNorm2d(7),
                new Reduce(Reduction.MEAN, true, 1), new Reduce(Reduction.MAXIMUM, true, 2, 3),
                Binary.learned(BinaryFunction.MULTIPLY, Samples.gaussian(Shape.of(7, 1, 67), 4)));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void threeThreadsGiveTheSameBits(Layer layer) {
        layer.initialise(1);
        Tensor x = Samples.gaussian(IMAGES, 2);
        Result serial = run(layer, x, Parallelism.SERIAL);
        Result shared = run(layer, x, Parallelism.of(ForkJoinPool.commonPool(), 3));
        assertArrayEquals(serial.y, shared.y);
        assertArrayEquals(serial.dx, shared.dx);
        assertArrayEquals(serial.parameters, shared.parameters);
    }

    private record Result(float[] y, float[] dx, float[][] parameters) {}

    private static Result run(Layer layer, Tensor x, Parallelism parallelism) {
        Shape output = layer.configure(x.shape(), Execution.TRAINING.withParallelism(parallelism), true);
        float[] y = layer.forward(x, Phase.TRAINING).data().clone();
        float[] dx = layer.backward(Samples.gaussian(output, 3)).data().clone();
        return new Result(y, dx, layer.parameters().values().stream().map(p -> p.gradient().clone()).toArray(float[][]::new));
    }
}
