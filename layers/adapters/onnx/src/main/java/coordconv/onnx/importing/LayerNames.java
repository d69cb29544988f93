package coordconv.onnx.importing;

import coordconv.layers.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of layers. A layer with weights that the model stores is named after them, so that its parameters get the
 * names that they have there: {@code layer1.0.conv1.weight} makes a layer {@code layer1.0.conv1}. Others are named
 * after their nodes.
 *
 * <p>PyTorch's exporter writes scopes, {@code /layer1/layer1.0/conv1/Conv}, each of which may repeat the one
 * before it, and ends with the operator: that is {@code layer1.0.conv1}.
 */
final class LayerNames {
    private static final int LONGEST = 200;
    private static final Pattern WEIGHT = Pattern.compile("(.+)[._/](weight|weights|kernel|gamma|scale|w|W)(_0)?(:0)?");

    private LayerNames() {}

    static String of(OnnxNode node, Layer layer, int position) {
        String name = weights(node, layer);
        if (name == null) {
            name = node.name().startsWith("/") ? scopes(node) : node.name();
        }
        String clean = name.substring(0, Math.min(name.length(), LONGEST)).replaceAll("[^\\p{Alnum}_.-]", "_");
        clean = String.join(".", Arrays.stream(clean.split("\\.")).filter(part -> !part.isEmpty()).toList());
        return clean.isEmpty() ? node.operator().toLowerCase(Locale.ROOT).replaceAll("\\W", "") + position : clean;
    }

    /** The name of the stored weights without what names them inside the layer, or null. */
    private static String weights(OnnxNode node, Layer layer) {
        if (layer.state().isEmpty() || node.inputs().size() < 2 || !node.isStored(1)) {
            return null;
        }
        String stored = node.inputs().get(1);
        for (String own : layer.state().keySet()) {
            if (stored.endsWith("." + own)) {
                return stored.substring(0, stored.length() - own.length() - 1);
            }
        }
        Matcher weight = WEIGHT.matcher(stored);
        return weight.matches() && !stored.contains("::") ? weight.group(1) : null;
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

    /** A name that is not taken yet, and now is. */
    static String fresh(String wanted, Set<String> taken) {
        String name = wanted;
        for (int i = 2; !taken.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }
}
