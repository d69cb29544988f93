package coordconv.onnx.export;

import coordconv.layers.activations.LeakyReLU;
import coordconv.layers.activations.PReLU;
import coordconv.layers.activations.ReLU;
import coordconv.layers.activations.Sigmoid;
import coordconv.layers.activations.Softmax;
import coordconv.layers.activations.SpatialSoftmax;
import coordconv.layers.activations.Unary;
import coordconv.onnx.model.OnnxGraph.Node;
import java.util.Arrays;

/** Activations and other functions of one value. */
final class ElementwiseExporters {
    private ElementwiseExporters() {}

    static void register(LayerExporters registry) {
        registry.add(ReLU.class, (layer, site) -> site.simple("Relu"));
        registry.add(LeakyReLU.class, (layer, site) -> site.graph().node("LeakyRelu", site.x())
                .withFloat("alpha", layer.asActivation().negativeSlope()).to(site.name(), site.y()));
        registry.add(Sigmoid.class, (layer, site) -> site.simple("Sigmoid"));
        registry.add(Unary.class, ElementwiseExporters::unary);
        registry.add(PReLU.class, (layer, site) -> {
            int slopes = layer.weight().shape().elements();
            String weight = site.graph().constant(site.prefix() + "weight", layer.weight().values(),
                    slopes == 1 ? new int[] {1} : site.perChannel(slopes));
            return site.graph().node("PRelu", site.x(), weight).to(site.name(), site.y());
        });
        registry.add(Softmax.class, ElementwiseExporters::softmax);
        registry.add(SpatialSoftmax.class, (layer, site) -> inRow(site, "Softmax", 2));
    }

    private static String unary(Unary layer, ExportSite site) {
        return switch (layer.function()) {
            case ABS -> site.simple("Abs");
            case NEGATIVE -> site.simple("Neg");
            case RECIPROCAL -> site.simple("Reciprocal");
            case SQUARE_ROOT -> site.simple("Sqrt");
            case EXPONENTIAL -> site.simple("Exp");
            case LOGARITHM -> site.simple("Log");
            case ERROR_FUNCTION -> site.simple("Erf");
            case TANH -> site.simple("Tanh");
            case SOFTSIGN -> site.simple("Softsign");
            case SOFTPLUS -> site.simple("Softplus");
            case HARD_SWISH -> site.simple("HardSwish");
            case SILU -> product(site, site.step("Sigmoid", "Sigmoid", site.x()));
            case MISH -> product(site, site.step("Tanh", "Tanh", site.step("Softplus", "Softplus", site.x())));
            case HARD_SIGMOID -> with(site, "HardSigmoid", "alpha", layer.a()).withFloat("beta", layer.b()).to(site.name(), site.y());
            case THRESHOLDED_RELU -> with(site, "ThresholdedRelu", "alpha", layer.a()).to(site.name(), site.y());
            case ELU -> with(site, "Elu", "alpha", layer.a()).to(site.name(), site.y());
            case CELU -> with(site, "Celu", "alpha", layer.a()).to(site.name(), site.y());
            case SELU -> with(site, "Selu", "alpha", layer.a()).withFloat("gamma", layer.b()).to(site.name(), site.y());
            case CLIP -> site.graph().node("Clip", site.x(), site.constant("min", new float[] {layer.a()}),
                    site.constant("max", new float[] {layer.b()})).to(site.name(), site.y());
            case GELU -> {
                String scaled = site.step("Mul", "scaled", site.x(), site.constant("sqrtHalf", new float[] {(float) Math.sqrt(0.5)}));
                yield half(site, site.step("Erf", "Erf", scaled));
            }
            case GELU_TANH -> {
                String cube = site.step("Mul", "cube", site.step("Mul", "square", site.x(), site.x()), site.x());
                String bent = site.step("Add", "bent", site.x(),
                        site.step("Mul", "part", cube, site.constant("coefficient", new float[] {0.044715f})));
                String scaled = site.step("Mul", "scaled", bent,
                        site.constant("sqrtTwoOverPi", new float[] {(float) Math.sqrt(2 / Math.PI)}));
                yield half(site, site.step("Tanh", "Tanh", scaled));
            }
        };
    }

    private static Node with(ExportSite site, String operator, String attribute, float value) {
        return site.graph().node(operator, site.x()).withFloat(attribute, value);
    }

    private static String product(ExportSite site, String factor) {
        return site.graph().node("Mul", site.x(), factor).to(site.name(), site.y());
    }

    /** {@code x / 2 (1 + value)}. */
    private static String half(ExportSite site, String value) {
        String share = site.step("Mul", "share", site.step("Add", "shifted", value, site.constant("one", new float[] {1})),
                site.constant("half", new float[] {0.5f}));
        return product(site, share);
    }

    private static String softmax(Softmax layer, ExportSite site) {
        String operator = layer.isLogarithm() ? "LogSoftmax" : "Softmax";
        int rank = site.input().rank();
        int axis = layer.axis() < 0 ? layer.axis() + rank : layer.axis();
        if (layer.isOverTrailing() && axis < rank - 1) {
            return inRow(site, operator, axis);
        }
        return site.graph().node(operator, site.x()).withInteger("axis", axis).to(site.name(), site.y());
    }

    /** ONNX takes the softmax along one axis: several are laid in a row for it, and back. */
    private static String inRow(ExportSite site, String operator, int axis) {
        int[] row = new int[axis + 1];
        row[axis] = -1;
        int[] back = site.outputShape();
        if (axis == 0 && back[0] == 0) {
            back[0] = -1;
        }
        if (site.input().rank() == 4 && axis == 2) {
            // The shape that the import takes for a softmax over pixels.
            row = new int[] {0, 0, 1, -1};
        }
        String laid = site.step("Reshape", "row", site.x(), site.list("rowShape", row));
        String probabilities = site.graph().node(operator, laid).withInteger("axis", row.length - 1).to(site.inner(operator));
        Arrays.fill(back, 0, Math.min(axis, back.length), 0);
        return site.graph().node("Reshape", probabilities, site.list("imageShape", back)).to(site.name(), site.y());
    }
}
