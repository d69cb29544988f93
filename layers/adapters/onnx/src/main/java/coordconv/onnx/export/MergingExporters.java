package coordconv.onnx.export;

import coordconv.layers.merging.Add;
import coordconv.layers.merging.Binary;
import coordconv.layers.merging.Concat;
import coordconv.layers.merging.Mul;
import coordconv.layers.pooling.Reduce;
import coordconv.layers.pooling.Reduction;
import coordconv.onnx.operators.ConstantValue;
import coordconv.onnx.operators.FixedSize;
import coordconv.onnx.operators.JoinedChannels;
import java.util.stream.IntStream;

/** Layers that take several values, or a value and constants. */
final class MergingExporters {
    private MergingExporters() {}

    static void register(LayerExporters registry) {
        registry.add(Add.class, (layer, site) -> all("Sum", site));
        registry.add(Mul.class, (layer, site) -> all("Mul", site));
        registry.add(Concat.class, (layer, site) -> site.graph().node("Concat", site.xs().toArray(String[]::new))
                .withInteger("axis", layer.axis()).to(site.name(), site.y()));
        registry.add(Binary.class, (layer, site) -> {
            String operator = layer.function().label();
            if (layer.constant() == null) {
                return all(operator, site);
            }
            String constant = site.parameter(layer.constant());
            return site.graph().node(operator, layer.isConstantFirst() ? constant : site.x(),
                    layer.isConstantFirst() ? site.x() : constant).to(site.name(), site.y());
        });
        registry.add(Reduce.class, (layer, site) -> {
            int[] axes = layer.axes().length > 0 ? layer.axes() : IntStream.range(0, site.input().rank()).toArray();
            int keep = layer.keepsAxes() ? 1 : 0;
            // Sums take their axes as an input from operator set 13 on, the others from 18 on.
            boolean asInput = layer.reduction() == Reduction.SUM || site.graph().operatorSet() >= 18;
            return asInput ? site.graph().node(layer.reduction().label(), site.x(), site.list("axes", axes))
                    .withInteger("keepdims", keep).to(site.name(), site.y())
                    : site.graph().node(layer.reduction().label(), site.x()).with("axes", axes)
                    .withInteger("keepdims", keep).to(site.name(), site.y());
        });
        registry.add(FixedSize.class, (layer, site) -> site.simple("Identity"));
        registry.add(ConstantValue.class, (layer, site) ->
                site.graph().node("Identity", site.parameter(layer.value())).to(site.name(), site.y()));
        registry.add(JoinedChannels.class, (layer, site) -> {
            String joined = CoordinateNodes.expanded(site, layer.joined(site.input()));
            boolean before = layer.isBefore(site.input());
            return site.graph().node("Concat", before ? joined : site.x(), before ? site.x() : joined)
                    .withInteger("axis", 1).to(site.name(), site.y());
        });
    }

    private static String all(String operator, ExportSite site) {
        return site.graph().node(operator, site.xs().toArray(String[]::new)).to(site.name(), site.y());
    }
}
