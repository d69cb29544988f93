package coordconv.verification.entrypoints;

import coordconv.kernels.Activation;
import coordconv.kernels.Conv2dPlan;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.ConvTranspose2dPlan;
import coordconv.kernels.ConvolutionPlan;
import coordconv.kernels.CoordChannels;
import coordconv.kernels.CoordChannels.Axis;
import coordconv.kernels.CoordPreset;
import coordconv.kernels.DeformableConv2dPlan;
import coordconv.kernels.DeformableGeometry;
import coordconv.kernels.FloatRegion;
import coordconv.kernels.MatrixTransposition;
import coordconv.kernels.Parallelism;
import coordconv.kernels.PlanOptions;
import coordconv.kernels.SharedWeights;
import coordconv.kernels.VectorWidth;
import coordconv.kernels.Workers;
import coordconv.layers.Execution;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.ModelSummary;
import coordconv.layers.Parameter;
import coordconv.layers.Phase;
import coordconv.layers.Predictor;
import coordconv.layers.SeededRandom;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.activations.ReLU;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.ConvSpec;
import coordconv.layers.convolution.ConvTranspose2d;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.convolution.CoordConvTranspose2d;
import coordconv.layers.convolution.CoordRule;
import coordconv.layers.convolution.DeformableConv2d;
import coordconv.layers.convolution.Deformation;
import coordconv.layers.initialisers.Initialiser;
import coordconv.layers.initialisers.Initialisers;
import coordconv.layers.io.AtomicFile;
import coordconv.layers.io.CheckpointFile;
import coordconv.layers.io.NamedArray;
import coordconv.layers.io.NamedArrays;
import coordconv.layers.io.ReadLimits;
import coordconv.layers.io.WeightFile;
import coordconv.layers.losses.BinaryCrossEntropyWithLogits;
import coordconv.layers.losses.Dice;
import coordconv.layers.losses.Loss;
import coordconv.layers.losses.MeanSquaredError;
import coordconv.layers.losses.PixelCrossEntropy;
import coordconv.layers.losses.SmoothL1;
import coordconv.layers.losses.SoftmaxCrossEntropy;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.optimisers.Adam;
import coordconv.layers.optimisers.GradientClipping;
import coordconv.layers.optimisers.LearningRate;
import coordconv.layers.optimisers.Optimiser;
import coordconv.layers.optimisers.Regularisation;
import coordconv.layers.optimisers.Sgd;
import coordconv.layers.pooling.PoolSpec;
import coordconv.layers.shaping.ResizeSpec;
import coordconv.layers.tasks.ArticulatedFigures;
import coordconv.layers.tasks.Figure;
import coordconv.layers.tasks.Figure.Colour;
import coordconv.layers.tasks.Figure.Stroke;
import coordconv.layers.tasks.KeypointModel;
import coordconv.layers.tasks.KeypointRun;
import coordconv.layers.tasks.KeypointScores;
import coordconv.layers.tasks.ModelKind;
import coordconv.layers.tasks.NotSoClevr.Centre;
import coordconv.layers.tasks.Split;
import coordconv.layers.tasks.Task;
import coordconv.layers.tasks.TaskData;
import coordconv.layers.tasks.TaskRun;
import coordconv.layers.tasks.TaskSettings;
import coordconv.layers.training.Checkpoint;
import coordconv.layers.training.ConfusionMatrix;
import coordconv.layers.training.Dataset;
import coordconv.layers.training.EpochReport;
import coordconv.layers.training.Evaluator;
import coordconv.layers.training.Metric;
import coordconv.layers.training.Metrics;
import coordconv.layers.training.ProgressBar;
import coordconv.layers.training.Trainer;
import coordconv.layers.training.TrainingListener;
import coordconv.layers.training.TrainingOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Arguments and receivers that fit together, made anew for every call. */
final class Sound {
    static final ConvGeometry GEOMETRY = ConvGeometry.builder().input(1, 2, 4, 5).outChannels(3).kernel(3, 3).padding(1)
            .coords(CoordPreset.NONE).build();
    private static final PlanOptions SCALAR = PlanOptions.DEFAULTS.withWidth(VectorWidth.SCALAR);
    private static final Conv2dPlan PLAN = Conv2dPlan.of(GEOMETRY, SCALAR);
    private static final ConvTranspose2dPlan TRANSPOSED = ConvTranspose2dPlan.of(GEOMETRY, CoordChannels.NONE, SCALAR);
    private static final DeformableGeometry DEFORMABLE = DeformableGeometry.of(GEOMETRY.toBuilder().kernel(1, 1).padding(0).build());
    private static final DeformableConv2dPlan DEFORMED = DeformableConv2dPlan.of(DEFORMABLE, SCALAR);
    private static final Shape IMAGES = Shape.of(1, 2, 4, 5);
    static final Execution SERVING = Execution.INFERENCE.withWidth(VectorWidth.SCALAR);

    private final Map<Class<?>, Supplier<?>> byType = new HashMap<>();
    private final Path folder;
    private Graph.Builder builder = Graph.builder();

    Sound(Path folder) {
        this.folder = folder;
        primitives();
        kernels();
        layers();
        training();
    }

    /** The files that reading calls are given. */
    void writeFiles() throws IOException {
        WeightFile.write(folder.resolve("weights.npz"), (NamedArrays) of(NamedArrays.class));
        WeightFile.write(emptyFile(), NamedArrays.of());
        CheckpointFile.write(checkpointFile(), trainer().checkpoint());
    }

    Path emptyFile() {
        return folder.resolve("empty.npz");
    }

    Path checkpointFile() {
        return folder.resolve("run.safetensors");
    }

    /** One value of a type, or null where there is none. */
    Object of(Class<?> type) {
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        Supplier<?> supplier = byType.get(type);
        return supplier == null ? null : supplier.get();
    }

    /** What a method is called on. */
    Object receiver(String member, Class<?> type) {
        return member.equals("Optimiser.step(double)") ? bound(new Sgd(0.5)) : of(type);
    }

    /** Weights packed for the plan of the same class. */
    Object packedFor(Class<?> plan, boolean forGradient) {
        FloatRegion weights = (FloatRegion) of(FloatRegion.class);
        if (plan == ConvTranspose2dPlan.class) {
            return forGradient ? TRANSPOSED.packForInputGradient(weights) : TRANSPOSED.pack(weights, null);
        }
        if (plan == DeformableConv2dPlan.class) {
            return forGradient ? DEFORMED.packForGradients(weights) : DEFORMED.pack(weights, null);
        }
        return forGradient ? PLAN.packForInputGradient(weights) : PLAN.pack(weights, null);
    }

    private <T> void put(Class<T> type, Supplier<? extends T> supplier) {
        byType.put(type, supplier);
    }

    private void primitives() {
        byType.put(int.class, () -> 1);
        byType.put(long.class, () -> 1L);
        byType.put(float.class, () -> 0.5f);
        byType.put(double.class, () -> 0.5);
        byType.put(boolean.class, () -> true);
        put(String.class, () -> "name");
        put(int[].class, () -> new int[] {1});
        put(float[].class, () -> new float[1]);
        put(List.class, List::of);
        put(Map.class, Map::of);
        put(double[].class, () -> new double[] {0.5});
        put(Path.class, () -> folder.resolve("weights.npz"));
        put(Executor.class, () -> (Executor) Runnable::run);
        put(IntConsumer.class, () -> (IntConsumer) part -> { });
        put(Runnable.class, () -> (Runnable) () -> { });
        put(PrintWriter.class, () -> new PrintWriter(Writer.nullWriter()));
    }

    private void kernels() {
        put(ConvGeometry.class, () -> GEOMETRY);
        put(ConvGeometry.Builder.class, () -> ConvGeometry.builder().input(1, 2, 4, 5).outChannels(3).kernel(3, 3));
        put(Conv2dPlan.class, () -> PLAN);
        put(ConvTranspose2dPlan.class, () -> TRANSPOSED);
        put(DeformableGeometry.class, () -> DEFORMABLE);
        put(DeformableConv2dPlan.class, () -> DEFORMED);
        put(PlanOptions.class, () -> SCALAR);
        put(Activation.class, () -> Activation.IDENTITY);
        put(Activation.Kind.class, () -> Activation.Kind.IDENTITY);
        put(CoordChannels.class, () -> CoordPreset.PADDLE.channels(4, 5));
        put(CoordChannels.Ramp.class, () -> new CoordChannels.Ramp(Axis.ROW, 0, 1));
        put(CoordChannels.Radius.class, () -> new CoordChannels.Radius(new CoordChannels.Ramp(Axis.ROW, 0, 1),
                new CoordChannels.Ramp(Axis.COLUMN, 0, 1), 1));
        put(CoordChannels.ClampedRamp.class, () -> new CoordChannels.ClampedRamp(new CoordChannels.Ramp(Axis.ROW, 0, 1), 1, true));
        put(FloatRegion.class, () -> FloatRegion.of(new float[200]));
        put(FloatBuffer.class, () -> FloatBuffer.allocate(4));
        put(MemorySegment.class, () -> MemorySegment.ofArray(new float[4]));
        put(Parallelism.class, () -> Parallelism.SERIAL);
        put(ConvolutionPlan.class, () -> PLAN);
        put(Supplier.class, () -> (Supplier<FloatRegion>) () -> FloatRegion.of(new float[200]));
        put(MatrixTransposition.class, () -> MatrixTransposition.of(VectorWidth.SCALAR));
        put(SharedWeights.class, () -> new SharedWeights(FloatRegion.of(new float[200]), null));
    }

    private void layers() {
        ConvSpec spec = ConvSpec.of(2, 3, 3);
        put(ConvSpec.class, () -> spec);
        put(Shape.class, () -> IMAGES);
        put(Tensor.class, () -> Tensor.zeros(IMAGES));
        put(Execution.class, () -> Execution.TRAINING.withWidth(VectorWidth.SCALAR));
        put(Phase.class, () -> Phase.TRAINING);
        put(SeededRandom.class, () -> new SeededRandom(1));
        put(Initialiser.class, () -> Initialisers.constant(0.5f));
        put(Parameter.class, () -> Parameter.learned("p", Shape.of(1), Initialisers.constant(1), 1, 1));
        put(Layer.class, () -> configured(new ReLU()));
        put(CoordRule.class, () -> (CoordRule) CoordPreset.PADDLE::channels);
        put(Conv2d.class, () -> new Conv2d(spec));
        put(CoordConv2d.class, () -> new CoordConv2d(spec));
        put(ConvTranspose2d.class, () -> new ConvTranspose2d(spec));
        put(CoordConvTranspose2d.class, () -> new CoordConvTranspose2d(spec));
        put(Deformation.class, () -> Deformation.V2);
        put(DeformableConv2d.class, () -> new DeformableConv2d(spec, Deformation.V2));
        put(BatchNorm2d.class, () -> new BatchNorm2d(2));
        put(Sequential.class, () -> Sequential.builder().add("name", new ReLU()).build());
        put(Sequential.Builder.class, Sequential::builder);
        put(Graph.class, () -> graph(Graph.builder()).build());
        // Receivers are made before arguments, so the values are those of the builder at hand.
        put(Graph.Builder.class, () -> builder = Graph.builder());
        put(Graph.Value.class, () -> builder.add("of a node", new ReLU(), builder.input("of a graph")));
        put(Graph.Value[].class, () -> new Graph.Value[] {builder.input("of a graph")});
        put(Predictor.class, () -> Predictor.of(new ReLU(), SERVING));
        put(Predictor.Builder.class, () -> Predictor.builder(new ReLU()).execution(SERVING));
        put(PoolSpec.class, () -> PoolSpec.of(2));
        put(ResizeSpec.Crop.class, () -> new ResizeSpec.Crop(List.of(0.0, 0.0), List.of(1.0, 1.0), 0));
        put(ResizeSpec.class, () -> ResizeSpec.byScales(ResizeSpec.Mode.LINEAR, 2, 2));
        put(Tensor[].class, () -> new Tensor[] {Tensor.zeros(IMAGES)});
        put(ModelSummary.class, () -> ModelSummary.of(configured(new ReLU()), IMAGES));
        put(NamedArray.class, () -> new NamedArray("a", new int[] {2, 3, 3, 3}, new float[54]));
        put(NamedArrays.class, () -> NamedArrays.of(new NamedArray("name", new int[] {1}, new float[1])));
        put(NamedArray[].class, () -> new NamedArray[0]);
        put(Layer[].class, () -> new Layer[] {new ReLU()});
        put(ReadLimits.class, () -> ReadLimits.DEFAULTS);
        put(AtomicFile.Content.class, () -> (AtomicFile.Content) channel -> { });
        put(UnaryOperator.class, UnaryOperator::identity);
        put(Predicate.class, () -> (Predicate<Object>) any -> true);
    }

    private static Graph.Builder graph(Graph.Builder empty) {
        return empty.output("y", empty.add("name", new ReLU(), empty.input("x")));
    }

    private static Layer configured(Layer layer) {
        layer.configure(IMAGES, Execution.TRAINING.withWidth(VectorWidth.SCALAR), true);
        layer.forward(Tensor.zeros(IMAGES), Phase.TRAINING);
        return layer;
    }

    private void training() {
        put(Loss.class, MeanSquaredError::new);
        put(MeanSquaredError.class, MeanSquaredError::new);
        put(Adam.class, Adam::new);
        put(Sgd.class, () -> new Sgd(0.5));
        put(Optimiser.class, () -> new Sgd(0.5));
        put(Regularisation.class, () -> Regularisation.NONE);
        put(LearningRate.class, () -> LearningRate.constant(0.1));
        put(GradientClipping.class, () -> GradientClipping.NONE);
        put(TrainingOptions.class, () -> TrainingOptions.of(1, LearningRate.constant(0.1))
                .withExecution(Execution.TRAINING.withWidth(VectorWidth.SCALAR)));
        put(Dataset.class, OneSample::new);
        put(Metric.class, () -> Metrics.distance("distance", 1));
        put(Trainer.class, this::trainer);
        put(Trainer.Builder.class, () -> trainerOf(new ReLU()));
        put(Evaluator.class, () -> new Evaluator(new ReLU(), 1, Execution.INFERENCE.withWidth(VectorWidth.SCALAR)));
        put(ConfusionMatrix.class, () -> new ConfusionMatrix(2));
        put(PixelCrossEntropy.class, PixelCrossEntropy::new);
        put(SmoothL1.class, () -> new SmoothL1(1));
        put(Dice.class, () -> Dice.ofLogits(1));
        put(Trainer.PredictionConsumer.class, () -> (Trainer.PredictionConsumer) (first, count, p, t) -> { });
        put(TrainingListener.class, () -> new TrainingListener() { });
        put(EpochReport.class, () -> new EpochReport(1, 1, 0, 0));
        put(ProgressBar.class, () -> new ProgressBar(new PrintWriter(Writer.nullWriter()), "label", 3, false));
        put(Checkpoint.class, () -> trainer().checkpoint());
        put(Workers.class, () -> new Workers(2));
        put(SoftmaxCrossEntropy.class, SoftmaxCrossEntropy::new);
        put(BinaryCrossEntropyWithLogits.class, BinaryCrossEntropyWithLogits::new);
        put(TaskData.class, () -> new TaskData(Task.REGRESSION, List.of(new Centre(9, 9))));
        put(Task.class, () -> Task.REGRESSION);
        put(Split.class, () -> Split.UNIFORM);
        put(ModelKind.class, () -> ModelKind.COORDCONV);
        put(TaskSettings.class, () -> TaskSettings.of(Task.REGRESSION, ModelKind.COORDCONV));
        put(TaskRun.class, () -> new TaskRun(Task.REGRESSION, Split.UNIFORM, ModelKind.COORDCONV,
                TaskSettings.of(Task.REGRESSION, ModelKind.COORDCONV), 1, Parallelism.SERIAL));
        put(KeypointModel.class, () -> KeypointModel.CONV1);
        put(KeypointRun.class, () -> new KeypointRun(KeypointModel.CONV1, TaskSettings.keypoints(), 16, 1, Parallelism.SERIAL));
        put(Colour.class, () -> new Colour(0, 0.5f, 1));
        put(Stroke.class, () -> new Stroke(1, 2, 3, 4, 5, new Colour(0, 0.5f, 1)));
        put(Figure.class, () -> ArticulatedFigures.parts(1, 1).train().getFirst());
        put(KeypointScores.class, () -> new KeypointScores(4, 5, 3, 0.5));
        put(Centre.class, () -> new Centre(9, 9));
    }

    private static <T extends Optimiser> T bound(T optimiser) {
        optimiser.bind(Map.of("p", Parameter.learned("p", Shape.of(1), Initialisers.constant(1), 1, 1)));
        return optimiser;
    }

    private Trainer trainer() {
        return trainerOf(new ReLU()).build();
    }

    private Trainer.Builder trainerOf(Layer model) {
        return Trainer.builder(model).loss(new MeanSquaredError()).optimiser(new Sgd(0.5)).data(new OneSample())
                .options((TrainingOptions) of(TrainingOptions.class));
    }

    /** A data set of one sample that is its own target. */
    private static final class OneSample implements Dataset {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public Shape inputShape() {
            return Shape.of(2, 4, 5);
        }

        @Override
        public Shape targetShape() {
            return inputShape();
        }

        @Override
        public void read(int index, float[] input, int inputAt, float[] target, int targetAt) {
            input[inputAt] = index;
        }
    }
}
