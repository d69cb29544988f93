package coordconv.onnx.export;

import coordconv.layers.shaping.ChannelShuffle;
import coordconv.layers.shaping.DepthToSpace;
import coordconv.layers.shaping.Flatten;
import coordconv.layers.shaping.Pad;
import coordconv.layers.shaping.Pick;
import coordconv.layers.shaping.Reshape;
import coordconv.layers.shaping.Resize;
import coordconv.layers.shaping.ResizeSpec;
import coordconv.layers.shaping.ResizeSpec.Fit;
import coordconv.layers.shaping.Slice;
import coordconv.layers.shaping.SpaceToDepth;
import coordconv.layers.shaping.Squeeze;
import coordconv.layers.shaping.Tile;
import coordconv.layers.shaping.TileOverImage;
import coordconv.layers.shaping.Transpose;
import coordconv.layers.shaping.Unsqueeze;
import coordconv.onnx.model.OnnxGraph.Node;
import coordconv.onnx.operators.ResizeLike;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/** Layers that rearrange, repeat, leave out or resize. */
final class ShapingExporters {
    private ShapingExporters() {}

    static void register(LayerExporters registry) {
        registry.add(Flatten.class, (layer, site) ->
                site.graph().node("Flatten", site.x()).withInteger("axis", 1).to(site.name(), site.y()));
        registry.add(Reshape.class, (layer, site) -> reshape(layer.isWhole(), layer.extents(), site));
        registry.add(TileOverImage.class, (layer, site) -> tileOverImage(site));
        registry.add(Squeeze.class, (layer, site) -> {
            int[] axes = layer.axes().length > 0 ? layer.axes() : ones(site);
            return site.graph().node("Squeeze", site.x(), site.list("axes", axes)).to(site.name(), site.y());
        });
        registry.add(Unsqueeze.class, (layer, site) ->
                site.graph().node("Unsqueeze", site.x(), site.list("axes", layer.axes())).to(site.name(), site.y()));
        registry.add(Transpose.class, (layer, site) ->
                site.graph().node("Transpose", site.x()).with("perm", layer.order()).to(site.name(), site.y()));
        registry.add(Tile.class, (layer, site) ->
                site.graph().node("Tile", site.x(), site.list("repeats", layer.repeats())).to(site.name(), site.y()));
        registry.add(Pick.class, (layer, site) -> site.graph().node("Gather", site.x(), site.list("indices", layer.indices()))
                .withInteger("axis", layer.axis()).to(site.name(), site.y()));
        registry.add(Slice.class, (layer, site) -> site.graph().node("Slice", site.x(), site.list("starts", layer.starts()),
                site.list("ends", layer.ends()), site.list("axes", layer.axes()), site.list("steps", layer.steps()))
                .to(site.name(), site.y()));
        registry.add(Pad.class, (layer, site) -> {
            int[] pads = Arrays.copyOf(layer.before(), 2 * layer.before().length);
            System.arraycopy(layer.after(), 0, pads, layer.before().length, layer.after().length);
            return site.graph().node("Pad", site.x(), site.list("pads", pads), site.constant("value", new float[] {layer.value()}))
                    .withText("mode", layer.mode().name().toLowerCase(Locale.ROOT)).to(site.name(), site.y());
        });
        registry.add(DepthToSpace.class, (layer, site) -> site.graph().node("DepthToSpace", site.x())
                .withInteger("blocksize", layer.block()).withText("mode", layer.isDepthFirst() ? "DCR" : "CRD")
                .to(site.name(), site.y()));
        registry.add(SpaceToDepth.class, (layer, site) -> site.graph().node("SpaceToDepth", site.x())
                .withInteger("blocksize", layer.block()).to(site.name(), site.y()));
        registry.add(ChannelShuffle.class, (layer, site) -> {
            int height = site.input().extent(2);
            int width = site.input().extent(3);
            String split = site.step("Reshape", "groups", site.x(), site.list("groupShape", 0, layer.groups(), -1, height, width));
            String turned = site.graph().node("Transpose", split).with("perm", 0, 2, 1, 3, 4).to(site.inner("turned"));
            return site.graph().node("Reshape", turned, site.list("imageShape", 0, -1, height, width)).to(site.name(), site.y());
        });
        registry.add(Resize.class, (layer, site) -> resize(layer.spec(), site));
        registry.add(ResizeLike.class, (layer, site) -> resize(layer.spec(site.inputs().get(1)), site));
    }

    private static String reshape(boolean whole, int[] extents, ExportSite site) {
        int[] target = extents;
        if (!whole) {
            // Zero stands for the batch as it comes.
            target = new int[extents.length + 1];
            System.arraycopy(extents, 0, target, 1, extents.length);
        }
        return site.graph().node("Reshape", site.x(), site.list("shape", target)).to(site.name(), site.y());
    }

    private static int[] ones(ExportSite site) {
        int[] extents = site.input().toArray();
        return IntStream.range(0, extents.length).filter(axis -> extents[axis] == 1).toArray();
    }

    private static String tileOverImage(ExportSite site) {
        String pixels = site.graph().node("Unsqueeze", site.x(), site.graph().integers(site.inner("axes"), 2, 3))
                .to(site.inner("pixels"));
        return site.graph().node("Expand", pixels, site.graph().integers(site.inner("plane"),
                1, 1, site.output().extent(2), site.output().extent(3))).to(site.name(), site.y());
    }

    private static String resize(ResizeSpec spec, ExportSite site) {
        int rank = site.input().rank();
        double[] scales = new double[rank];
        Arrays.fill(scales, 1);
        boolean bySize = spec.sizes() != null;
        for (int i = 0; i < spec.axes().length; i++) {
            int axis = spec.axes()[i] < 0 ? spec.axes()[i] + rank : spec.axes()[i];
            scales[axis] = bySize ? (double) spec.sizes()[i] / site.input().extent(axis) : spec.scales()[i];
        }
        String part = spec.crop() == null ? "" : part(spec, site);
        Node node = bySize ? site.graph().node("Resize", site.x(), part, "", sizes(spec, site))
                : site.graph().node("Resize", site.x(), "", site.constant("scales", floats(scales), rank));
        boolean fits = bySize && spec.fit() != Fit.STRETCH;
        if (fits) {
            node.with("axes", spec.axes()).withText("keep_aspect_ratio_policy", lower(spec.fit()));
        }
        node.withText("mode", lower(spec.mode())).withText("coordinate_transformation_mode", spec.crop() == null ? lower(spec.coordinates()) : "tf_crop_and_resize")
                .withText("nearest_mode", switch (spec.rounding()) {
                    case HALF_DOWN -> "round_prefer_floor";
                    case HALF_UP -> "round_prefer_ceil";
                    case FLOOR -> "floor";
                    case CEIL -> "ceil";
                }).withFloat("cubic_coeff_a", (float) spec.cubic()).withInteger("exclude_outside", spec.excludesOutside() ? 1 : 0);
        if (spec.crop() != null) {
            node.withFloat("extrapolation_value", spec.crop().outside());
        }
        if (spec.isAntialiased()) {
            node.withInteger("antialias", 1);
        }
        return node.to(site.name(), site.y());
    }

    /** Starts and ends of the part of each axis, from 0 to 1. */
    private static String part(ResizeSpec spec, ExportSite site) {
        int rank = site.input().rank();
        if (spec.fit() != Fit.STRETCH || spec.sizes() == null) {
            throw new IllegalArgumentException("layer " + site.name() + ": given a crop by scales or with proportions to keep,"
                    + " needed sizes of its own");
        }
        float[] part = new float[2 * rank];
        Arrays.fill(part, rank, 2 * rank, 1);
        for (int i = 0; i < spec.axes().length; i++) {
            int axis = spec.axes()[i] < 0 ? spec.axes()[i] + rank : spec.axes()[i];
            part[axis] = spec.crop().starts().get(i).floatValue();
            part[rank + axis] = spec.crop().ends().get(i).floatValue();
        }
        return site.constant("part", part, 2 * rank);
    }

    /** Sizes of all axes, the batch as it comes; or of some, whose proportions matter. */
    private static String sizes(ResizeSpec spec, ExportSite site) {
        if (spec.fit() != Fit.STRETCH) {
            return site.list("sizes", spec.sizes());
        }
        int[] output = site.output().toArray();
        if (!site.batch().isAny()) {
            return site.list("sizes", output);
        }
        return site.graph().node("Concat", site.batch().samples(), site.list("sizes", Arrays.copyOfRange(output, 1, output.length)))
                .withInteger("axis", 0).to(site.inner("allSizes"));
    }

    private static float[] floats(double... numbers) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
