package coordconv.onnx.importing;

import coordconv.layers.Sequential;
import coordconv.onnx.importing.Chain.Link;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Names of layers: the model's node names, whose dots become containers inside containers.
 *
 * <p>PyTorch's exporter writes scopes, {@code /layer1/layer1.0/conv1/Conv}, each of which may repeat the one
 * before it, and ends with the operator: that is {@code layer1.0.conv1}.
 */
final class LayerNames {
    private static final int DEEPEST = 8;
    private static final int LONGEST = 200;

    private LayerNames() {}

    static String of(OnnxNode node, int position) {
        String name = node.name().startsWith("/") ? scopes(node) : node.name();
        String clean = name.substring(0, Math.min(name.length(), LONGEST)).replaceAll("[^\\p{Alnum}_.-]", "_");
        clean = String.join(".", Arrays.stream(clean.split("\\.")).filter(part -> !part.isEmpty()).toList());
        return clean.isEmpty() ? node.operator().toLowerCase(Locale.ROOT).replaceAll("\\W", "") + position : clean;
    }

    private static String scopes(OnnxNode node) {
        List<String> kept = new ArrayList<>();
        List<String> scopes = List.of(node.name().substring(1).split("/"));
        for (int i = 0; i < scopes.size(); i++) {
            boolean operator = i == scopes.size() - 1 && i > 0 && scopes.get(i).startsWith(node.operator());
            if (!kept.isEmpty() && scopes.get(i).startsWith(scopes.get(i - 1) + ".")) {
                kept.removeLast();
            }
            if (!operator) {
                kept.add(scopes.get(i));
            }
        }
        return String.join(".", kept);
    }

    /** Puts the layers into containers by their names; neighbours with a common beginning share one. */
    static Sequential nest(List<Link> links) {
        return nest(links.stream().map(link -> new Named(path(link.name()), link)).toList(), 0);
    }

    private record Named(String[] path, Link link) {
        boolean isLeaf(int depth) {
            return path.length == depth + 1;
        }
    }

    private static String[] path(String name) {
        return name.split("\\.", DEEPEST);
    }

    private static Sequential nest(List<Named> links, int depth) {
        Sequential.Builder builder = Sequential.builder();
        Set<String> taken = new HashSet<>();
        for (int from = 0; from < links.size();) {
            Named first = links.get(from);
            String name = fresh(first.path()[depth].replace('.', '_'), taken);
            int to = from + 1;
            if (first.isLeaf(depth)) {
                builder.add(name, first.link().layer());
            } else {
                while (to < links.size() && !links.get(to).isLeaf(depth)
                        && links.get(to).path()[depth].equals(first.path()[depth])) {
                    to++;
                }
                builder.add(name, nest(links.subList(from, to), depth + 1));
            }
            from = to;
        }
        return builder.build();
    }

    private static String fresh(String wanted, Set<String> taken) {
        String name = wanted;
        for (int i = 2; !taken.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }
}
