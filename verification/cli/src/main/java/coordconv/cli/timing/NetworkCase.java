package coordconv.cli.timing;

import coordconv.kernels.VectorWidth;
import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.ModelSummary;
import coordconv.layers.Predictor;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.networks.Networks;
import coordconv.layers.tasks.ModelKind;
import coordconv.layers.tasks.Task;
import coordconv.layers.tasks.TaskNetworks;
import coordconv.verification.problem.Inputs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network and the shapes that it is run for, named by a string: {@code dcn2}, {@code dcn2@1} for a batch of 1,
 * {@code ppyolo+xy@1x608x608} for a batch of 1 and images of 608 x 608.
 *
 * @param text the string
 * @param making makes the network, with values in its parameters: the same each time
 * @param inputs what the network reads
 */
public record NetworkCase(String text, Supplier<Layer> making, List<Shape> inputs) {
    /** The paper's network from coordinates to one of 4,096 pixels; it reads [N, 2]. */
    public static final String CLASSIFIER = "paper-classifier";

    /** What is measured where nothing is named: seven with coordinates, five without. */
    public static final List<String> SHIPPED = List.of("dcn2@64", "dcn2@1", CLASSIFIER, "unet+xy", "ppyolo+xy@1x416x416",
            "ppyolo+xy@1x608x608", "solov2+solo", "MyNet@64", "MyNet@1", "resnet50", "squeezenet-1.1", "mobilenet-v1");

    private static final int CLASSIFIER_BATCH = 16;
    private static final long SEED = 1;
    private static final Pattern FORM = Pattern.compile("([^@]+)(?:@([1-9]\\d{0,5})(?:x([1-9]\\d{0,5})x([1-9]\\d{0,5}))?)?");

    /** Copies the list. */
    public NetworkCase {
        inputs = List.copyOf(inputs);
    }

    /**
     * Reads a string.
     *
     * @param text a name, {@code @N} or {@code @NxHxW} behind it for other sizes than the network is commonly given
     * @return the case
     * @throws IllegalArgumentException naming the part that there is nothing for
     */
    public static NetworkCase parse(String text) {
        Matcher form = FORM.matcher(Objects.requireNonNull(text, "text"));
        if (!form.matches()) {
            throw new IllegalArgumentException("network: given " + text
                    + ", needed a name, and @N or @NxHxW behind it for another batch or image");
        }
        String name = form.group(1);
        int batch = form.group(2) == null ? 0 : Integer.parseInt(form.group(2));
        boolean sized = form.group(3) != null;
        if (name.equals(CLASSIFIER)) {
            if (sized) {
                throw new IllegalArgumentException("network: given " + text + ", needed " + CLASSIFIER
                        + " without the size of an image, which it has none of");
            }
            return new NetworkCase(text, () -> TaskNetworks.of(Task.CLASSIFICATION, ModelKind.COORDCONV).initialise(SEED),
                    List.of(Shape.of(batch == 0 ? CLASSIFIER_BATCH : batch, 2)));
        }
        Shape given = image(name);
        Shape image = sized ? Shape.of(batch, given.extent(1), Integer.parseInt(form.group(3)), Integer.parseInt(form.group(4)))
                : batch > 0 ? given.withBatch(batch) : given;
        Layer first = Networks.named(name, image);
        List<Shape> inputs = Networks.inputs(name, image);
        first.outputShapes(inputs);
        return new NetworkCase(text, () -> Networks.named(name, image).initialise(SEED), inputs);
    }

    private static Shape image(String name) {
        try {
            return Networks.image(name);
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(unknown.getMessage() + ", or " + CLASSIFIER, unknown);
        }
    }

    /**
     * The same network for another batch.
     *
     * @param batch at least 1
     * @return the case
     */
    public NetworkCase withBatch(int batch) {
        Matcher form = FORM.matcher(text);
        boolean sized = form.matches() && form.group(2) != null;
        String named = sized ? text.substring(0, form.start(2)) + batch + text.substring(form.end(2)) : text + "@" + batch;
        return new NetworkCase(named, making, inputs.stream().map(shape -> shape.withBatch(batch)).toList());
    }

    /** {@return a network of its own} */
    public Layer network() {
        return making.get();
    }

    /** {@return multiply-adds of convolutions and linear layers times two, counted in a pass of one sample in plain Java} */
    public double flops() {
        Predictor predictor = Predictor.of(making.get(), Execution.INFERENCE.withWidth(VectorWidth.SCALAR));
        return inputs.getFirst().batch() * predictor.profile(withBatch(1).tensors(predictor.inputs()), 1).flops();
    }

    /** {@return whether a layer of it sees coordinates} */
    public boolean seesCoordinates() {
        return ModelSummary.of(making.get(), inputs).rows().stream().anyMatch(row -> row.type().startsWith("CoordConv"));
    }

    /**
     * The shapes of the inputs by name.
     *
     * @param names of the inputs, in order
     * @return the shapes
     */
    public Map<String, Shape> shapes(List<String> names) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (int k = 0; k < names.size(); k++) {
            shapes.put(names.get(k), inputs.get(k));
        }
        return shapes;
    }

    /**
     * Values of the inputs by name: uniform in [-1, 1), the same each time.
     *
     * @param names of the inputs, in order
     * @return the tensors
     */
    public Map<String, Tensor> tensors(List<String> names) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        shapes(names).forEach((name, shape) ->
                tensors.put(name, Tensor.of(Inputs.uniform(SEED + tensors.size(), shape.elements()), shape)));
        return tensors;
    }

    /**
     * Arrays one after another.
     *
     * @param parts the arrays
     * @return a new array
     */
    public static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
