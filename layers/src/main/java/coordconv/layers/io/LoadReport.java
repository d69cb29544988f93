package coordconv.layers.io;

import coordconv.layers.internal.Lists;
import java.util.List;

/**
 * What a lenient loading did.
 *
 * @param loaded names of the model's arrays that got values, in the model's order
 * @param missing names of the model's arrays that were not given, and stayed as they were
 * @param unexpected names of given arrays that the model does not have, in the given order
 * @param otherShapes arrays that both have under different shapes; the model's stayed as they were
 */
public record LoadReport(List<String> loaded, List<String> missing, List<String> unexpected, List<OtherShape> otherShapes) {
    /** Copies the lists. */
    public LoadReport {
        loaded = Lists.copy("loaded", loaded);
        missing = Lists.copy("missing", missing);
        unexpected = Lists.copy("unexpected", unexpected);
        otherShapes = Lists.copy("otherShapes", otherShapes);
    }

    /**
     * An array with a shape of its own on either side.
     *
     * @param name its name
     * @param given the shape that was given
     * @param needed the shape that the model needs
     */
    public record OtherShape(String name, String given, String needed) {
    }

    /** {@return whether every array of the model was loaded; unexpected ones do no harm} */
    public boolean isComplete() {
        return missing.isEmpty() && otherShapes.isEmpty();
    }

    /** {@return a line of counts, and a line for each array that did not match} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("loaded " + loaded.size() + ", missing " + missing.size() + ", unexpected "
                + unexpected.size() + ", of another shape " + otherShapes.size());
        missing.forEach(name -> text.append("\n  missing: ").append(Text.quote(name)));
        unexpected.forEach(name -> text.append("\n  unexpected: ").append(Text.quote(name)));
        otherShapes.forEach(each -> text.append("\n  of another shape: ").append(Text.quote(each.name())).append(": given ")
                .append(each.given()).append(", needed ").append(each.needed()));
        return text.toString();
    }
}
