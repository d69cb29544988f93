package coordconv.onnx.importing;

import coordconv.layers.Shape;
import coordconv.onnx.operators.ConstantValue;

/** Constants where layers take values. */
final class Operands {
    private Operands() {}

    /** A constant input as a value of the network. */
    static Feature asFeature(OnnxNode node, Assembly to, int index, Feature beside) {
        Constant constant = node.flexible(index, "input " + index);
        return asFeature(node, to, constant, beside);
    }

    /** A constant as a value of the network, given by a layer that reads another value. */
    static Feature asFeature(OnnxNode node, Assembly to, Constant constant, Feature beside) {
        if (!constant.isFloat()) {
            throw node.refuse("constant input", constant, "floats");
        }
        to.pin(constant.varies());
        node.budget().take(node.label(), (long) constant.size() * Float.BYTES * 2);
        Shape shape = Shape.of(constant.extents());
        return to.add(node, new ConstantValue(constant.toFloats(), shape), new int[shape.rank()], beside);
    }
}
