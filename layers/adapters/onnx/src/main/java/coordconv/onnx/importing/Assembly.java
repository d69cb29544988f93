package coordconv.onnx.importing;

import coordconv.kernels.Activation;
import coordconv.kernels.CoordChannels.Placement;
import coordconv.kernels.CoordPreset;
import coordconv.layers.Layer;
import coordconv.layers.Shape;
import coordconv.layers.activations.LeakyReLU;
import coordconv.layers.activations.ReLU;
import coordconv.layers.activations.Unary;
import coordconv.layers.merging.Concat;
import coordconv.onnx.operators.JoinedChannels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The network in the making: layers in order, what each takes and gives, and who still waits for a value. */
final class Assembly {
    private final Values values;
    private final NodeOrder order;
    private final List<Step> steps = new ArrayList<>();
    private final Map<Feature, Step> makers = new HashMap<>();
    private final Map<Feature, Integer> readers = new HashMap<>();
    private final Map<Feature, Feature> continued = new HashMap<>();
    private final Map<String, Integer> left = new HashMap<>();
    private final Set<Feature> removed = new HashSet<>();
    private final Map<Feature, Feature> wholes = new HashMap<>();
    private final Map<JoinedConstants, Optional<Coordinates>> recognised = new HashMap<>();
    private final Map<String, Constant> joins = new HashMap<>();
    private final Function<String, List<Constant>> probes;
    private final boolean batchOpen;
    private int pins;

    /**
     * A layer in its place.
     *
     * @param name as the model names it
     * @param layer the layer
     * @param inputs what it takes
     * @param outputs what it gives
     * @param draft what it was built from, for a layer that later nodes may complete; else null
     */
    record Step(String name, Layer layer, List<Feature> inputs, List<Feature> outputs, ConvolutionDraft draft) {}

    /**
     * A network without layers.
     *
     * @param values of the model
     * @param order of its nodes
     * @param batchOpen whether the model leaves the number of samples open
     * @param probes gives the constants that are joined to a value when the model's inputs have other sizes
     */
    Assembly(Values values, NodeOrder order, boolean batchOpen, Function<String, List<Constant>> probes) {
        this.batchOpen = batchOpen;
        this.values = values;
        this.order = order;
        this.probes = probes;
    }

    List<Step> steps() {
        return Collections.unmodifiableList(steps);
    }

    /** The sizes of the model's inputs that must stay as they are, see {@link Mark}. */
    int pins() {
        return pins;
    }

    void pin(int varies) {
        pins |= varies;
    }

    /** Binds a value of the model. */
    void give(String name, Feature feature) {
        values.put(name, feature);
        readers.merge(feature, order.readers(name), Integer::sum);
    }

    /** Binds the first output of a node; nobody may read its others. */
    void give(OnnxNode node, Feature feature) {
        for (String more : node.outputs().subList(1, node.outputs().size())) {
            if (!more.isEmpty() && order.readers(more) > 0) {
                throw node.refuse("output", Refusal.quote(more) + ", which is read", "only the first to be read");
            }
        }
        give(node.outputs().getFirst(), feature);
    }

    /** Whether anything reads an output of a node. */
    boolean isRead(OnnxNode node, int output) {
        return output < node.outputs().size() && order.readers(node.outputs().get(output)) > 0;
    }

    /** Notes that a node has been converted: it reads its inputs no more. */
    void leave(OnnxNode node) {
        for (String input : node.inputs()) {
            values.feature(input).ifPresent(feature -> readers.merge(feature, -1, Integer::sum));
            int reads = left.merge(input, -1, (given, one) -> given + one);
            // Weights are in their layer by now. What a branch reads is not counted, and stays.
            if (order.readers(input) + reads == 0 && !input.isEmpty() && values.isKnown(input)) {
                values.release(input);
            }
        }
    }

    /** Whether it is a value that layers may read: an input, or what a layer gives that still stands. */
    boolean isValue(Feature feature) {
        return feature.joined() == null && (makers.containsKey(feature) || readers.containsKey(feature) && !removed.contains(feature));
    }

    /** Whether a model leaves the number of samples open, so that what it says of it is not about one batch. */
    boolean isBatchOpen() {
        return batchOpen;
    }

    /** Whether nothing but one layer reads a value, now or later. */
    boolean isReadOnceBy(Feature feature, Step reader) {
        return readers.getOrDefault(feature, 0) <= 0
                && steps.stream().filter(step -> step.inputs().contains(feature)).allMatch(step -> step == reader);
    }

    /** Whether the node that is being converted is the last to read a value, and reads it once. */
    boolean isLastReader(Feature feature) {
        return readers.getOrDefault(feature, 0) == 1 && steps.stream().noneMatch(step -> step.inputs().contains(feature));
    }

    Optional<Step> maker(Feature feature) {
        return Optional.ofNullable(makers.get(feature));
    }

    /** What a value of the model is now called in the network, if it was completed by a later node. */
    Feature current(Feature feature) {
        Feature now = feature;
        while (continued.containsKey(now)) {
            now = continued.get(now);
        }
        return now;
    }

    /** Appends a layer whose output varies as its input does, axis by axis from the last. */
    Feature add(OnnxNode node, Layer layer, Feature... inputs) {
        Shape shape = shape(layer, inputs);
        return add(node, layer, varies(shape.rank(), inputs), inputs);
    }

    /** Appends a layer on images: the channels of its output are its own. */
    Feature addSpatial(OnnxNode node, Layer layer, Feature input) {
        int[] varies = input.varies().clone();
        varies[1] = 0;
        return add(node, layer, varies, input);
    }

    Feature add(OnnxNode node, Layer layer, int[] varies, Feature... inputs) {
        return append(node, layer, null, varies, inputs);
    }

    Feature add(OnnxNode node, ConvolutionDraft draft, Feature input) {
        values.budget().take(node.label(), draft.bytes());
        int[] varies = input.varies().clone();
        varies[1] = 0;
        return append(node, draft.build(), draft, varies, input);
    }

    private Feature append(OnnxNode node, Layer layer, ConvolutionDraft draft, int[] varies, Feature... inputs) {
        Shape shape = shape(layer, inputs);
        Feature output = new Feature(node.label() + " " + steps.size(), shape, varies);
        Step step = new Step(LayerNames.of(node, layer, steps.size()), layer, List.of(inputs), List.of(output), draft);
        steps.add(step);
        makers.put(output, step);
        return output;
    }

    private static Shape shape(Layer layer, Feature... inputs) {
        List<Shape> shapes = new ArrayList<>();
        for (Feature input : inputs) {
            shapes.add(input.shape());
        }
        return layer.outputShapes(shapes).getFirst();
    }

    private static int[] varies(int rank, Feature... inputs) {
        int[] varies = new int[rank];
        for (Feature input : inputs) {
            for (int i = 1; i <= Math.min(rank, input.rank()); i++) {
                varies[rank - i] |= input.varies()[input.rank() - i];
            }
        }
        return varies;
    }

    /** Builds the layer that gives a value anew, with what the node that is being converted adds to it. */
    Feature complete(Feature feature, ConvolutionDraft draft) {
        Step old = makers.get(feature);
        Feature output = new Feature(feature.name(), feature.shape(), feature.varies());
        Step step = new Step(old.name(), draft.build(), old.inputs(), List.of(output), draft);
        steps.set(steps.indexOf(old), step);
        makers.remove(feature);
        makers.put(output, step);
        removed.add(feature);
        continued.put(feature, output);
        return output;
    }

    /** The draft of the convolution that gives a value nobody else reads, if nothing follows it yet. */
    Optional<ConvolutionDraft> open(Feature feature) {
        return maker(feature).map(Step::draft).filter(draft -> draft.isOpen() && isLastReader(feature));
    }

    /** Where values of a node wait to be joined with constants, joins them: it is not a convolution. */
    void joinConstantsOf(OnnxNode node) {
        for (String input : node.inputs()) {
            values.feature(input).filter(feature -> feature.joined() != null).ifPresent(feature -> {
                Feature whole = whole(feature);
                readers.putIfAbsent(whole, readers.getOrDefault(feature, 0));
                values.put(input, whole);
            });
        }
    }

    /** The value with its constants joined to it, if any wait beside it. */
    Feature whole(Feature feature) {
        if (feature.joined() == null) {
            return feature;
        }
        Feature whole = wholes.get(feature);
        if (whole == null) {
            whole = join(feature);
            wholes.put(feature, whole);
        }
        return whole;
    }

    private Feature join(Feature feature) {
        JoinedConstants constants = feature.joined();
        if (constants.isChannelsLast()) {
            Feature beside = Operands.asFeature(constants.node(), this, constants.values(), constants.base());
            boolean before = constants.placement() == Placement.BEFORE;
            return add(constants.node(), new Concat(constants.axis()), constants.base().varies(), before ? beside : constants.base(),
                    before ? constants.base() : beside);
        }
        Optional<Coordinates> coords = coordinates(constants);
        CoordPreset preset = coords.map(Coordinates::preset).orElse(null);
        if (preset == null) {
            pins |= constants.values().varies();
        }
        Layer layer = preset != null ? new JoinedChannels(preset::channels)
                : new JoinedChannels(constants.values().extents(), constants.values().toFloats(), constants.placement());
        return addSpatial(constants.node(), layer, constants.base());
    }

    /** The coordinates that constants are, or nothing. */
    Optional<Coordinates> coordinates(JoinedConstants constants) {
        Optional<Coordinates> found = recognised.get(constants);
        if (found == null) {
            found = CoordinateMatch.of(constants, () -> probes.apply(constants.name()));
            recognised.put(constants, found);
            pins |= found.map(Coordinates::pins).orElse(0);
        }
        return found;
    }

    /** Puts constants beside features. */
    Feature join(Feature base, Constant constants, Placement placement, int axis, OnnxNode node) {
        JoinedConstants beside = new JoinedConstants(base, constants, placement, axis, node);
        joins.put(beside.name(), constants);
        return new Feature(base.name(), base.shape(), base.varies(), beside);
    }

    /** The constants that were put beside features, by the name of the joined value. */
    Map<String, Constant> joins() {
        return joins;
    }

    /** An activation: into the epilogue of a convolution right before it, else a layer. */
    Feature activate(OnnxNode node, Activation activation, Feature input) {
        Optional<ConvolutionDraft> open = open(input);
        if (open.isPresent()) {
            return complete(input, open.get().withActivation(activation));
        }
        return add(node, switch (activation.kind()) {
            case IDENTITY -> throw new IllegalArgumentException("activation: given " + activation + ", needed one that does something");
            case RELU -> new ReLU();
            case LEAKY_RELU -> new LeakyReLU(activation.negativeSlope());
            case CLIPPED_RELU -> Unary.clip(0, activation.cap());
        }, input);
    }

    /** Takes back the last layer, which nothing else reads, so that another may stand for both. */
    Feature undo(Feature feature) {
        Step step = makers.remove(feature);
        steps.remove(step);
        removed.add(feature);
        return step.inputs().getFirst();
    }
}
