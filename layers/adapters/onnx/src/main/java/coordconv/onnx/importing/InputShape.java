package coordconv.onnx.importing;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import coordconv.layers.Shape;
import java.util.ArrayList;
import java.util.List;

/** The shape of a model's input: what the model says, completed by what the caller says. */
final class InputShape {
    private static final int OPEN = -1;

    private InputShape() {}

    static Shape of(ValueInfoProto input, Shape given) {
        String what = "input " + Refusal.quote(input.getName());
        DataType type = !input.getType().hasTensorType() ? null
                : DataType.forNumber(input.getType().getTensorType().getElemType());
        if (type == null || !DataTypes.isFloat(type) || type == DataType.DOUBLE) {
            throw new Refusal(what, type == null ? "no tensor of numbers" : type, "a tensor of FLOAT, or of FLOAT16 or BFLOAT16, which are computed in float32");
        }
        if (!input.getType().getTensorType().hasShape()) {
            if (given == null) {
                throw new Refusal(what, "no shape in the model", "the shape as an argument of the import");
            }
            return given;
        }
        List<Integer> stated = stated(what, input.getType().getTensorType().getShape());
        if (given == null) {
            for (int axis = 1; axis < stated.size(); axis++) {
                if (stated.get(axis) == OPEN) {
                    throw new Refusal(what, print(stated), "sizes that are fixed, or the shape as an argument of the import");
                }
            }
            return Shape.of(stated.stream().mapToInt(extent -> extent == OPEN ? 1 : extent).toArray());
        }
        boolean fits = given.rank() == stated.size();
        for (int axis = 0; fits && axis < given.rank(); axis++) {
            fits = stated.get(axis) == OPEN || stated.get(axis) == given.extent(axis);
        }
        if (!fits) {
            throw new Refusal(what + ", shape", given, "one that fits the model's " + print(stated));
        }
        return given;
    }

    private static List<Integer> stated(String what, TensorShapeProto shape) {
        List<Integer> extents = new ArrayList<>();
        for (TensorShapeProto.Dimension dimension : shape.getDimList()) {
            long value = dimension.getDimValue();
            extents.add(dimension.hasDimValue() && value > 0 ? Extents.toInt(what, value) : OPEN);
        }
        return extents;
    }

    private static String print(List<Integer> stated) {
        return stated.stream().map(extent -> extent == OPEN ? "?" : extent.toString()).toList().toString();
    }
}
