package coordconv.onnx.export;

import coordconv.layers.normalisation.BatchNorm2d;
import coordconv.layers.normalisation.ChannelNorm;
import coordconv.layers.normalisation.Dropout;
import coordconv.layers.normalisation.GroupNorm;
import coordconv.layers.normalisation.LayerNorm;
import coordconv.layers.normalisation.LocalResponseNorm;
import coordconv.layers.Parameter;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;

/** Normalisations, and dropout, which does nothing in inference. */
final class NormalisationExporters {
    private NormalisationExporters() {}

    static void register(LayerExporters registry) {
        registry.add(BatchNorm2d.class, NormalisationExporters::batch);
        registry.add(GroupNorm.class, NormalisationExporters::groups);
        registry.add(LayerNorm.class, (layer, site) -> site.graph().node("LayerNormalization", site.x(),
                        site.parameter(layer.weight()), site.parameter(layer.bias()))
                .withInteger("axis", -layer.normalised().rank()).withFloat("epsilon", (float) layer.epsilon())
                .to(site.name(), site.y()));
        registry.add(ChannelNorm.class, NormalisationExporters::channels);
        registry.add(LocalResponseNorm.class, (layer, site) -> site.graph().node("LRN", site.x())
                .withInteger("size", layer.size()).withFloat("alpha", (float) layer.alpha())
                .withFloat("beta", (float) layer.beta()).withFloat("bias", (float) layer.k()).to(site.name(), site.y()));
        // Without a training mode among its inputs the operator does nothing.
        registry.add(Dropout.class, (layer, site) -> site.graph().node("Dropout", site.x(), site.graph()
                .constant(site.inner("ratio"), new float[] {(float) layer.probability()})).to(site.name(), site.y()));
    }

    private static String batch(BatchNorm2d layer, ExportSite site) {
        Map<String, Parameter> state = layer.state();
        // ONNX weighs what the running statistics were, we weigh the batch.
        float momentum = BigDecimal.ONE.subtract(BigDecimal.valueOf(layer.momentum())).floatValue();
        return site.graph().node("BatchNormalization", site.x(), site.parameter(state.get("weight")),
                        site.parameter(state.get("bias")), site.parameter(state.get("running_mean")),
                        site.parameter(state.get("running_var")))
                .withFloat("epsilon", (float) layer.epsilon()).withFloat("momentum", momentum)
                .to(site.name(), site.y());
    }

    /** The operator for groups has a weight for each channel from operator set 21 on only: instances of groups have none. */
    private static String groups(GroupNorm layer, ExportSite site) {
        if (layer.groups() == layer.channels()) {
            return site.graph().node("InstanceNormalization", site.x(), site.parameter(layer.weight()), site.parameter(layer.bias()))
                    .withFloat("epsilon", (float) layer.epsilon()).to(site.name(), site.y());
        }
        float[] ones = new float[layer.groups()];
        Arrays.fill(ones, 1);
        String grouped = site.step("Reshape", "grouped", site.x(), site.list("groups", 0, layer.groups(), -1));
        String normal = site.graph().node("InstanceNormalization", grouped, site.constant("ones", ones, layer.groups()),
                        site.constant("zeros", new float[layer.groups()], layer.groups()))
                .withFloat("epsilon", (float) layer.epsilon()).to(site.inner("InstanceNormalization"));
        String images = site.step("Reshape", "images", normal, site.list("shape", site.outputShape()));
        int[] channels = site.perChannel(layer.channels());
        String scaled = site.step("Mul", "scaled", images,
                site.graph().constant(site.prefix() + "weight", layer.weight().values(), channels));
        return site.graph().node("Add", scaled, site.graph().constant(site.prefix() + "bias", layer.bias().values(), channels))
                .to(site.name(), site.y());
    }

    /** The operator goes over the last axes. */
    private static String channels(ChannelNorm layer, ExportSite site) {
        int rank = site.input().rank();
        int[] last = new int[rank];
        int[] back = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            last[axis] = axis == 0 ? 0 : axis == rank - 1 ? 1 : axis + 1;
            back[axis] = axis == 0 ? 0 : axis == 1 ? rank - 1 : axis - 1;
        }
        String turned = site.graph().node("Transpose", site.x()).with("perm", last).to(site.inner("channelsLast"));
        String normal = site.graph().node("LayerNormalization", turned, site.parameter(layer.weight()), site.parameter(layer.bias()))
                .withInteger("axis", -1).withFloat("epsilon", (float) layer.epsilon()).to(site.inner("LayerNormalization"));
        return site.graph().node("Transpose", normal).with("perm", back).to(site.name(), site.y());
    }
}
