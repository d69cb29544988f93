package coordconv.layers.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import coordconv.kernels.Activation;
import coordconv.kernels.VectorWidth;
import coordconv.layers.Execution;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.activations.LeakyReLU;
import coordconv.layers.activations.PReLU;
import coordconv.layers.activations.ReLU;
import coordconv.layers.activations.Sigmoid;
import coordconv.layers.activations.Softmax;
import coordconv.layers.activations.SpatialSoftmax;
import coordconv.layers.activations.Unary;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.CoordConvTranspose2d;
import coordconv.layers.convolution.Linear;
import coordconv.layers.losses.BinaryCrossEntropyWithLogits;
import coordconv.layers.losses.Dice;
import coordconv.layers.losses.Loss;
import coordconv.layers.losses.MeanSquaredError;
import coordconv.layers.losses.PixelCrossEntropy;
import coordconv.layers.losses.SoftmaxCrossEntropy;
import coordconv.layers.merging.Add;
import coordconv.layers.merging.Binary;
import coordconv.layers.merging.BinaryFunction;
import coordconv.layers.merging.Concat;
import coordconv.layers.merging.Mul;
import coordconv.layers.networks.ExampleNetworks;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.normalisation.ChannelNorm;
import coordconv.layers.normalisation.Dropout;
import coordconv.layers.normalisation.GroupNorm;
import coordconv.layers.normalisation.LayerNorm;
import coordconv.layers.normalisation.LocalResponseNorm;
import coordconv.layers.optimisers.Adam;
import coordconv.layers.optimisers.GradientClipping;
import coordconv.layers.optimisers.LearningRate;
import coordconv.layers.optimisers.Optimiser;
import coordconv.layers.optimisers.Regularisation;
import coordconv.layers.optimisers.Sgd;
import coordconv.layers.pooling.AdaptiveAvgPool2d;
import coordconv.layers.pooling.AvgPool2d;
import coordconv.layers.pooling.GlobalAvgPool2d;
import coordconv.layers.pooling.GlobalMaxPool2d;
import coordconv.layers.pooling.MaxPool2d;
import coordconv.layers.pooling.PoolSpec;
import coordconv.layers.pooling.Reduce;
import coordconv.layers.pooling.Reduction;
import coordconv.layers.shaping.ChannelShuffle;
import coordconv.layers.shaping.Flatten;
import coordconv.layers.shaping.Pad;
import coordconv.layers.shaping.Reshape;
import coordconv.layers.shaping.Resize;
import coordconv.layers.shaping.ResizeSpec;
import coordconv.layers.shaping.Slice;
import coordconv.layers.shaping.SpaceToDepth;
import coordconv.layers.shaping.TileOverImage;
import coordconv.layers.shaping.Transpose;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Steady-state training allocates nothing on the heap.
 *
 * <p>The steady state is not there at once: vectors are boxed until the compiler has seen them often enough, and
 * the JVM allocates now and then, such as for a class it loads late. So steps are made until a whole window of
 * them allocates nothing; what a layer allocates in every step leaves no window clean.
 */
class AllocationTest {
    private static final int BATCH = 2;
    private static final int WINDOW = 10;
    private static final int MOST_WINDOWS = 5_000;

    /** Looked up once: looking it up allocates about 1 kB, which would be counted too. */
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private enum Subject {
        EXAMPLE(new Ramps(Shape.of(3, 32, 32), Shape.of(1))) {
            @Override
            Trainer trainer(Execution execution) {
                return trainer(ExampleNetworks.dcn2(), new MeanSquaredError(),
                        new Adam(0.9, 0.99, 1e-8, new Regularisation(1e-6, 1e-6)), Metrics.distance("distance", 1), execution);
            }
        },
        EVERY_LAYER(new Ramps(Shape.of(2), Shape.of(1))) {
            @Override
            Trainer trainer(Execution execution) {
                return trainer(Sequential.of(new TileOverImage(6, 6), new Conv2d(ConvSpec.of(2, 4, 3).withPadding(1)),
                        new BatchNorm2d(4), new ReLU(), new MaxPool2d(2),
                        new ConvTranspose2d(ConvSpec.of(4, 4, 2).withStride(2)), new LeakyReLU(0.25f),
                        new CoordConvTranspose2d(ConvSpec.of(4, 4, 3).withPadding(1)), new Sigmoid(), new SpatialSoftmax(),
                        new AvgPool2d(2), new Dropout(0.25),
                        new CoordConv2d(ConvSpec.of(4, 8, 1).withActivation(Activation.leakyRelu(0.1f))),
                        new GlobalAvgPool2d(), new Flatten(), new Linear(8, 4, Activation.RELU), new Reshape(4, 1, 1),
                        new GlobalMaxPool2d(), new Flatten(), new Linear(4, 3)),
                        new SoftmaxCrossEntropy(), new Sgd(0.9), Metrics.accuracy(), execution);
            }
        },
        GRAPH(new Ramps(Shape.of(2, 6, 6), Shape.of(1))) {
            @Override
            Trainer trainer(Execution execution) {
                Graph.Builder two = Graph.builder();
                Graph.Value in = two.input("in");
                two.output("a", two.add("sigmoid", new Sigmoid(), in));
                two.output("b", two.add("norm", new BatchNorm2d(4), in));
                Graph.Builder g = Graph.builder();
                Graph.Value stem = g.add("stem", new Conv2d(ConvSpec.of(2, 4, 3).withPadding(1)), g.input("x"));
                List<Graph.Value> both = g.addAll("two", two.build(), stem);
                Graph.Value product = g.add("product", new Mul(), both.get(0), both.get(1));
                Graph.Value joined = g.add("joined", new Concat(), g.add("sum", new Add(), product, stem, stem), product);
                g.output("y", g.add("head", new Linear(8, 3), g.add("flat", new Flatten(),
                        g.add("mean", new GlobalAvgPool2d(), joined))));
                return trainer(g.build(), new SoftmaxCrossEntropy(), new Sgd(0.9), Metrics.accuracy(), execution);
            }
        },
        LAYERS_OF_REAL_NETWORKS(new Ramps(Shape.of(2), Shape.of(1))) {
            @Override
            Trainer trainer(Execution execution) {
                return trainer(Sequential.of(new TileOverImage(6, 6), Pad.images(Pad.Mode.REFLECT, 1, 1, 1, 1), new PReLU(2),
                        new GroupNorm(1, 2), new Resize(ResizeSpec.byScales(ResizeSpec.Mode.LINEAR, 2, 2)),
                        new MaxPool2d(PoolSpec.of(3, 3).withStride(2).withCeil(true)), new SpaceToDepth(2), new ChannelShuffle(2),
                        new ChannelNorm(8, 1e-3), new LocalResponseNorm(3, 1, 0.75, 1), Unary.silu(), Softmax.logarithm(1),
                        Slice.of(1, 0, 4), new AdaptiveAvgPool2d(3, 3), new Transpose(0, 2, 3, 1), new LayerNorm(Shape.of(4), 1e-3),
                        Binary.learned(BinaryFunction.MULTIPLY, Tensor.of(new float[] {1, 2, 3, 4}, Shape.of(4))),
                        new Reduce(Reduction.MEAN, false, 1, 2), new Linear(4, 3)),
                        new PixelCrossEntropy(), new Sgd(0.9), Metrics.pixelAccuracy(), execution);
            }
        },
        DRAWINGS(new Ramps(Shape.of(1, 4, 4), Shape.of(1, 4, 4))) {
            @Override
            Trainer trainer(Execution execution) {
                return trainer(Sequential.of(new Conv2d(ConvSpec.of(1, 1, 1))), Dice.ofLogits(1), new Sgd(0.9),
                        Metrics.pointError("error", 1), execution);
            }
        },
        PICTURES(new Ramps(Shape.of(1, 4, 4), Shape.of(1, 4, 4))) {
            @Override
            Trainer trainer(Execution execution) {
                return trainer(Sequential.of(new CoordConv2d(ConvSpec.of(1, 1, 1))), new BinaryCrossEntropyWithLogits(),
                        Adam.withDecoupledDecay(0.9, 0.99, 1e-8, 1e-4), Metrics.intersectionOverUnion(), execution);
            }
        };

        final Dataset data;

        Subject(Dataset data) {
            this.data = data;
        }

        abstract Trainer trainer(Execution execution);

        Trainer trainer(Layer model, Loss loss, Optimiser optimiser, Metric metric, Execution execution) {
            model.initialise(1);
            return Trainer.builder(model).loss(loss).optimiser(optimiser).data(data).metric(metric)
                    .options(TrainingOptions.of(BATCH, LearningRate.cosine(1e-3, 0, 1000).withWarmUp(5))
                            .withClipping(GradientClipping.byNorm(1)).withExecution(execution)).build();
        }
    }

    /** More samples than are ever asked for; targets are 0 and 1. */
    private record Ramps(Shape inputShape, Shape targetShape) implements Dataset {
        @Override
        public int size() {
            return BATCH * WINDOW * (MOST_WINDOWS + 1);
        }

        @Override
        public void read(int index, float[] input, int inputAt, float[] target, int targetAt) {
            for (int i = 0; i < inputShape.elements(); i++) {
                input[inputAt + i] = (index * 31 + i * 7) % 17 / 8f - 1;
            }
            for (int i = 0; i < targetShape.elements(); i++) {
                target[targetAt + i] = (index + i) % 2;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"EXAMPLE, SCALAR", "EVERY_LAYER, SCALAR", "EVERY_LAYER, PREFERRED", "GRAPH, SCALAR", "PICTURES, SCALAR", "LAYERS_OF_REAL_NETWORKS, SCALAR",
        "DRAWINGS, SCALAR"})
    void aStepAllocatesNothing(Subject subject, VectorWidth width) {
        Trainer trainer = subject.trainer(Execution.TRAINING.withWidth(width));
        long[] least = {Long.MAX_VALUE};
        trainer.fit(1, new TrainingListener() {
            private long mark;

            @Override
            public boolean onStep(Progress progress) {
                if (progress.step() % WINDOW == 0) {
                    long now = THREADS.getCurrentThreadAllocatedBytes();
                    least[0] = progress.step() == WINDOW ? least[0] : Math.min(least[0], now - mark);
                    mark = now;
                }
                return least[0] > 0;
            }
        });
        assertEquals(0, least[0], "bytes in the best " + WINDOW + " steps");
    }
}
