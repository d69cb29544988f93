package coordconv.onnx.export;

import coordconv.layers.Layer;
import coordconv.layers.Parameter;
import coordconv.layers.activations.LeakyReLU;
import coordconv.layers.activations.ReLU;
import coordconv.layers.activations.Sigmoid;
import coordconv.layers.activations.SpatialSoftmax;
import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.normalisation.Dropout;
import java.math.BigDecimal;
import java.util.Map;

/** Activations, batch normalisation and dropout. */
final class ElementwiseExporters {
    private ElementwiseExporters() {}

    static void register(LayerExporters registry) {
        registry.add(ReLU.class, (layer, site) -> site.graph().node("Relu", site.x()).to(site.name(), site.y()));
        registry.add(LeakyReLU.class, (layer, site) -> site.graph().node("LeakyRelu", site.x())
                .withFloat("alpha", layer.asActivation().negativeSlope()).to(site.name(), site.y()));
        registry.add(Sigmoid.class, (layer, site) -> site.graph().node("Sigmoid", site.x()).to(site.name(), site.y()));
        registry.add(SpatialSoftmax.class, ElementwiseExporters::spatialSoftmax);
        registry.add(BatchNorm2d.class, ElementwiseExporters::batchNormalisation);
        // Without a training mode among its inputs the operator does nothing.
        registry.add(Dropout.class, (layer, site) -> site.graph().node("Dropout", site.x(), site.graph()
                .constant(site.inner("ratio"), new float[] {(float) layer.probability()})).to(site.name(), site.y()));
    }

    /** ONNX takes the softmax along one axis: the pixels are laid in a row for it, and back. */
    private static String spatialSoftmax(Layer layer, ExportSite site) {
        String row = site.graph().node("Reshape", site.x(), site.graph().integers(site.inner("rowShape"), 0, 0, 1, -1))
                .to(site.inner("row"));
        String probabilities = site.graph().node("Softmax", row).withInteger("axis", 3).to(site.inner("Softmax"));
        return site.graph().node("Reshape", probabilities, site.graph().integers(site.inner("imageShape"),
                0, 0, site.input().extent(2), site.input().extent(3))).to(site.name(), site.y());
    }

    private static String batchNormalisation(BatchNorm2d layer, ExportSite site) {
        Map<String, Parameter> state = layer.state();
        // ONNX weighs what the running statistics were, we weigh the batch.
        float momentum = BigDecimal.ONE.subtract(BigDecimal.valueOf(layer.momentum())).floatValue();
        return site.graph().node("BatchNormalization", site.x(), site.parameter(state.get("weight")),
                        site.parameter(state.get("bias")), site.parameter(state.get("running_mean")),
                        site.parameter(state.get("running_var")))
                .withFloat("epsilon", (float) layer.epsilon()).withFloat("momentum", momentum)
                .to(site.name(), site.y());
    }
}
