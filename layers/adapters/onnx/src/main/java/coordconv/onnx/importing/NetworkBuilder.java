package coordconv.onnx.importing;

import coordconv.layers.Graph;
import coordconv.layers.Layer;
import coordconv.layers.Sequential;
import coordconv.onnx.importing.Assembly.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts layers into containers by the dots in their names; neighbours with a common beginning share one. A container
 * is a {@link Sequential} where its layers form a chain, else a {@link Graph}.
 */
final class NetworkBuilder {
    private static final int DEEPEST = 8;

    private NetworkBuilder() {}

    /**
     * The network.
     *
     * @param inputs what it takes, by name
     * @param steps its layers, each after those that it reads
     * @param outputs what it gives, by name; each is given by a layer, and each but once
     */
    static Layer build(Map<String, Feature> inputs, List<Step> steps, Map<String, Feature> outputs) {
        List<Named> named = needed(steps, outputs.values()).stream().map(step -> new Named(path(step.name()), step)).toList();
        return container(named, 0, inputs, outputs);
    }

    private record Named(String[] path, Step step) {
        boolean isLeaf(int depth) {
            return path.length == depth + 1;
        }
    }

    private static String[] path(String name) {
        return name.split("\\.", DEEPEST);
    }

    private static List<Step> needed(List<Step> steps, Collection<Feature> outputs) {
        Set<Feature> wanted = new HashSet<>(outputs);
        List<Step> kept = new ArrayList<>();
        for (Step step : steps.reversed()) {
            if (step.outputs().stream().anyMatch(wanted::contains)) {
                kept.addFirst(step);
                wanted.addAll(step.inputs());
            }
        }
        return kept;
    }

    private static Layer container(List<Named> steps, int depth, Map<String, Feature> inputs, Map<String, Feature> outputs) {
        List<Part> parts = parts(steps, depth, new HashSet<>(outputs.values()));
        if (isChain(parts, inputs, outputs)) {
            Sequential.Builder builder = Sequential.builder();
            Set<String> taken = new HashSet<>();
            parts.forEach(part -> builder.add(LayerNames.fresh(part.name(), taken), part.layer()));
            return builder.build();
        }
        Graph.Builder builder = Graph.builder();
        Map<Feature, Graph.Value> values = new HashMap<>();
        Set<String> taken = new HashSet<>();
        inputs.forEach((name, feature) -> values.put(feature, builder.input(LayerNames.fresh(name.replace('.', '_'), taken))));
        for (Part part : parts) {
            Graph.Value[] reads = part.reads().stream().map(values::get).toArray(Graph.Value[]::new);
            List<Graph.Value> gives = builder.addAll(LayerNames.fresh(part.name(), taken), part.layer(), reads);
            for (int i = 0; i < gives.size(); i++) {
                values.put(part.gives().get(i), gives.get(i));
            }
        }
        Set<String> ends = new HashSet<>(inputs.keySet());
        outputs.forEach((name, feature) -> builder.output(LayerNames.fresh(name, ends), values.get(feature)));
        return builder.build();
    }

    /** A layer of a container: one of the model's, or a container inside. */
    private record Part(String name, Layer layer, List<Feature> reads, List<Feature> gives) {}

    private static List<Part> parts(List<Named> steps, int depth, Set<Feature> wanted) {
        List<Part> parts = new ArrayList<>();
        for (int from = 0; from < steps.size();) {
            Named first = steps.get(from);
            String name = first.path()[depth].replace('.', '_');
            int to = from + 1;
            if (first.isLeaf(depth)) {
                parts.add(new Part(name, first.step().layer(), first.step().inputs(), first.step().outputs()));
            } else {
                while (to < steps.size() && !steps.get(to).isLeaf(depth)
                        && steps.get(to).path()[depth].equals(first.path()[depth])) {
                    to++;
                }
                parts.add(group(name, steps, from, to, depth, wanted));
            }
            from = to;
        }
        return parts;
    }

    /** A run of neighbours reads what was made before it and gives what is read behind it. */
    private static Part group(String name, List<Named> all, int from, int to, int depth, Set<Feature> wanted) {
        List<Named> steps = all.subList(from, to);
        Set<Feature> own = new HashSet<>();
        Set<Feature> reads = new LinkedHashSet<>();
        for (Named named : steps) {
            named.step().inputs().stream().filter(input -> !own.contains(input)).forEach(reads::add);
            own.addAll(named.step().outputs());
        }
        Set<Feature> behind = new HashSet<>(wanted);
        for (int i = to; i < all.size(); i++) {
            behind.addAll(all.get(i).step().inputs());
        }
        Map<String, Feature> inputs = new LinkedHashMap<>();
        reads.forEach(read -> inputs.put(reads.size() == 1 ? "x" : "x" + inputs.size(), read));
        Map<String, Feature> outputs = new LinkedHashMap<>();
        for (Named named : steps) {
            named.step().outputs().stream().filter(behind::contains).forEach(output -> outputs.put("y" + outputs.size(), output));
        }
        return new Part(name, container(steps, depth + 1, inputs, outputs), List.copyOf(reads), List.copyOf(outputs.values()));
    }

    private static boolean isChain(List<Part> parts, Map<String, Feature> inputs, Map<String, Feature> outputs) {
        if (inputs.size() != 1 || outputs.size() != 1) {
            return false;
        }
        Feature tip = inputs.values().iterator().next();
        for (Part part : parts) {
            if (part.reads().size() != 1 || part.reads().getFirst() != tip || part.gives().size() != 1) {
                return false;
            }
            tip = part.gives().getFirst();
        }
        return tip == outputs.values().iterator().next();
    }
}
