package coordconv.cli;

import coordconv.kernels.ConvGeometry;
import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.LayerRow;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.convolution.Conv2d;
import coordconv.layers.convolution.CoordConv2d;
import coordconv.layers.networks.Networks;
import coordconv.verification.problem.Problem;
import coordconv.verification.problem.ProblemFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A convolution of a problem file or of a network.
 *
 * @param name label or path, and its sizes as a problem string
 * @param geometry the convolution
 */
record NamedConvolution(String name, ConvGeometry geometry) {
    static NamedConvolution of(Problem problem) {
        return new NamedConvolution(problem.toString(), problem.geometry());
    }

    /** {@return the problems of the file that ships, and the convolutions of every network at the image it is commonly given} */
    static List<NamedConvolution> shipped() {
        List<NamedConvolution> all = new ArrayList<>(ProblemFile.shipped().stream().map(NamedConvolution::of).toList());
        for (String network : Networks.names()) {
            Shape image = Networks.image(network);
            all.addAll(of(network, Networks.named(network, image), Networks.inputs(network, image)));
        }
        return all;
    }

    /** Those with and without coordinates that are not transposed or deformable; of equal ones the first. */
    private static List<NamedConvolution> of(String network, Layer root, List<Shape> inputs) {
        Map<String, Layer> layers = new HashMap<>();
        collect(root, layers);
        Set<String> seen = new HashSet<>();
        List<NamedConvolution> found = new ArrayList<>();
        for (LayerRow row : root.rows(inputs)) {
            ConvGeometry geometry = switch (layers.get(row.name())) {
                case Conv2d layer -> layer.geometry(row.input());
                case CoordConv2d layer -> layer.geometry(row.input());
                case null, default -> null;
            };
            if (geometry != null && seen.add(Problem.sizes(geometry) + Objects.hash(geometry.coords().channels()))) {
                found.add(new NamedConvolution(network + " " + row.name() + ": " + Problem.sizes(geometry), geometry));
            }
        }
        return found;
    }

    private static void collect(Layer layer, Map<String, Layer> into) {
        into.put(layer.path(), layer);
        switch (layer) {
            case Graph graph -> graph.nodes().forEach(node -> collect(node.layer(), into));
            case Sequential sequence -> sequence.layers().values().forEach(child -> collect(child, into));
            default -> { }
        }
    }
}
