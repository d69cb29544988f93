package coordconv.verification.entrypoints;

import coordconv.kernels.VectorWidth;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.io.NamedArrays;
import coordconv.layers.tasks.KeypointRun;
import coordconv.layers.tasks.TaskRun;
import java.lang.reflect.Executable;
import java.util.List;
import java.util.Map;

/** Sound arguments of the few entry points that a value of the right type alone does not satisfy. */
final class Arguments {
    private static final int PICTURE = 64 * 64;

    private static final List<Shape> IMAGES = List.of(Shape.of(1, 2, 4, 5));

    private Arguments() {}

    static Object of(Executable member, int index, Sound sound) {
        Object special = special(PublicApi.name(member), index, sound);
        return special != null ? special : sound.of(member.getParameterTypes()[index]);
    }

    private static Object special(String member, int index, Sound sound) {
        return switch (member) {
            case "Activation(Kind, float, float)" -> new Object[] {null, 1f, Float.POSITIVE_INFINITY}[index];
            case "AvgPool2d(int, int, int, boolean)", "MaxPool2d(int, int, int)" -> index == 2 ? 0 : null;
            case "ConvTranspose2d(ConvSpec, int)", "CoordConvTranspose2d(ConvSpec, int, CoordPreset)",
                    "CoordConvTranspose2d(ConvSpec, int, CoordRule)",
                    "CoordConvTranspose2d(ConvSpec, int, CoordChannels, int, int)" -> index == 1 ? 0 : null;
            case "Checkpoint.note(String)" -> "steps";
            case "Checkpoint.requireNote(String, String)" -> index == 0 ? "steps" : "0";
            case "CheckpointFile.read(Path)", "CheckpointFile.write(Path, Checkpoint)" ->
                    index == 0 ? sound.checkpointFile() : null;
            case "CoordChannels.radarRange(double[], double[], int)" -> new Object[] {new double[] {0}, new double[] {5000}, 3}[index];
            case "CoordPreset.named(String)" -> "xy";
            case "Layer.outputShapes(List)", "Layer.configure(List, Execution, boolean)", "Layer.rows(List)" -> index == 0 ? IMAGES : null;
            case "MatrixTransposition.copy(float[], int, int, int, int, float[], int, int)" ->
                    new Object[] {new float[12], 0, 4, 3, 4, new float[12], 0, 3}[index];
            case "ModelSummary.of(Layer, List)" -> index == 1 ? IMAGES : null;
            case "ExampleNetworks.named(String)" -> "dcn2";
            case "Networks.image(String)" -> "resnet18";
            case "Networks.inputs(String, Shape)", "Networks.named(String, Shape)" ->
                    index == 0 ? "squeezenet-1.1" : Shape.of(1, 3, 32, 32);
            case "Solov2.head(int, CoordPreset, int, int, int)" -> index == 2 || index == 3 ? 2 : null;
            case "TorNet.coordinates(double, double, int, int, float[], int)" -> switch (index) {
                case 1 -> 90_000.0;
                case 3 -> 2;
                case 4 -> new float[4];
                case 5 -> 0;
                default -> null;
            };
            case "Predictor.Builder.execution(Execution)" -> Sound.SERVING;
            case "Predictor.of(Layer, Execution)" -> index == 1 ? Sound.SERVING : null;
            case "Predictor.outputShapes(Map)", "Predictor.warmUp(Map)" -> Map.of("x", IMAGES.getFirst());
            case "Predictor.predict(Map)", "Predictor.profile(Map, int)" -> index > 0 ? null : Map.of("x", Tensor.zeros(IMAGES.getFirst()));
            case "Predictor.predict(Map, Map)" -> index == 0 ? Map.of("x", Tensor.zeros(IMAGES.getFirst())) : null;
            case "Initialisers.uniform(double, double)" -> index == 1 ? 1.0 : null;
            case "Metrics.argmax(float[], int, int)" -> index == 1 ? 0 : null;
            case "SoftmaxCrossEntropy.evaluate(Tensor, Tensor, Tensor)" -> index == 1 ? Tensor.zeros(Shape.of(1)) : null;
            case "TaskData.read(int, float[], int, float[], int)" -> switch (index) {
                case 1 -> new float[PICTURE];
                case 3 -> new float[2];
                default -> 0;
            };
            case "Tensor.of(float[], Shape)" -> index == 0 ? new float[40] : null;
            case "Figure.draw(float[], int)" -> index == 0 ? new float[3 * PICTURE] : 0;
            case "KeypointRun(KeypointModel, TaskSettings, int, long, Parallelism)" -> index == 2 ? 16 : null;
            case "KeypointRun.restore(Checkpoint)" -> ((KeypointRun) sound.of(KeypointRun.class)).checkpoint();
            case "TaskRun.restore(Checkpoint)" -> ((TaskRun) sound.of(TaskRun.class)).checkpoint();
            case "VectorWidth.ofBits(int)" -> 128;
            case "Ceiling.gflops(double)" -> 0.0;
            case "Ceiling.gflops(VectorWidth, double)" -> index == 0 ? VectorWidth.SCALAR : 0.0;
            // The sample layer has no parameters.
            case "Weights.copyInto(NamedArrays, Layer)" -> index == 0 ? NamedArrays.of() : null;
            case "Weights.load(Layer, Path)", "Weights.load(Layer, Path, UnaryOperator)" ->
                    index == 1 ? sound.emptyFile() : null;
            default -> null;
        };
    }
}
