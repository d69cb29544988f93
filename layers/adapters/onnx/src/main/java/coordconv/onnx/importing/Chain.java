package coordconv.onnx.importing;

import coordconv.kernels.Activation;
import coordconv.layers.Layer;
import coordconv.layers.Shape;
import coordconv.layers.activations.LeakyReLU;
import coordconv.layers.activations.ReLU;
import coordconv.layers.activations.SpatialSoftmax;
import coordconv.layers.shaping.Flatten;
import coordconv.layers.shaping.Reshape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The layers so far, one after another, and the shape of what the last one gives. */
final class Chain {
    private final MemoryBudget budget;
    private final List<Link> links = new ArrayList<>();
    private Shape shape;
    private JoinedConstants joined;

    /**
     * A layer in its place.
     *
     * @param name as the model names it
     * @param layer the layer
     * @param input shape of its input
     * @param draft what it was built from, for a layer that later nodes may complete; else null
     */
    record Link(String name, Layer layer, Shape input, ConvolutionDraft draft) {
        boolean isView() {
            return layer instanceof Flatten || layer instanceof Reshape;
        }
    }

    Chain(Shape input, MemoryBudget budget) {
        shape = input;
        this.budget = budget;
    }

    List<Link> links() {
        return links;
    }

    Shape shape() {
        return shape;
    }

    Optional<Link> last() {
        return links.isEmpty() ? Optional.empty() : Optional.of(links.getLast());
    }

    /** Leaves constants for the convolution that must come next. */
    void join(JoinedConstants constants) {
        joined = constants;
    }

    /** {@return the constants that wait for their convolution, or null} */
    JoinedConstants joined() {
        return joined;
    }

    /** {@return the constants that wait for their convolution, or null; they wait no longer} */
    JoinedConstants takeJoined() {
        JoinedConstants taken = joined;
        joined = null;
        return taken;
    }

    void add(OnnxNode node, Layer layer) {
        append(node, layer, null);
    }

    void add(OnnxNode node, ConvolutionDraft draft) {
        budget.take(node.label(), draft.bytes());
        append(node, draft.build(), draft);
    }

    private void append(OnnxNode node, Layer layer, ConvolutionDraft draft) {
        Shape next = layer.outputShape(shape);
        links.add(new Link(LayerNames.of(node, links.size()), layer, shape, draft));
        shape = next;
    }

    /** Builds the last layer anew, with what the model's next node adds to it. */
    void complete(ConvolutionDraft draft) {
        Link old = links.removeLast();
        links.add(new Link(old.name(), draft.build(), old.input(), draft));
    }

    /** An activation: into the epilogue of a convolution right before it, else a layer. */
    void activate(OnnxNode node, Activation activation) {
        Optional<ConvolutionDraft> open = last().map(Link::draft).filter(ConvolutionDraft::isOpen);
        if (open.isPresent()) {
            complete(open.get().withActivation(activation));
        } else {
            add(node, activation.kind() == Activation.Kind.RELU ? new ReLU() : new LeakyReLU(activation.negativeSlope()));
        }
    }

    /** The same elements under another shape; several such steps in a row become one. */
    void view(OnnxNode node, int... extents) {
        Shape target = Shape.of(extents);
        if (target.rank() < 2 || target.batch() != shape.batch()) {
            throw node.refuse("output shape", target, "a batch of " + shape.batch() + " in front, as it came");
        }
        if (last().isPresent() && links.getLast().isView()) {
            shape = links.removeLast().input();
        }
        if (target.equals(shape)) {
            return;
        }
        if (isSoftmaxInRow(target)) {
            links.removeLast();
            shape = links.removeLast().input();
            add(node, new SpatialSoftmax());
        } else if (target.rank() == 2) {
            add(node, new Flatten());
        } else {
            add(node, new Reshape(Arrays.copyOfRange(target.toArray(), 1, target.rank())));
        }
    }

    /** Whether pixels were laid in a row for a softmax and are now laid back. */
    private boolean isSoftmaxInRow(Shape target) {
        return links.size() > 1 && links.getLast().layer() instanceof SpatialSoftmax
                && links.get(links.size() - 2).isView() && links.get(links.size() - 2).input().equals(target)
                && target.rank() == 4 && target.extent(1) == shape.extent(1);
    }
}
