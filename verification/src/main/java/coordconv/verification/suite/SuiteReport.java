package coordconv.verification.suite;

import coordconv.verification.kernel.ConvKernel;
import coordconv.verification.kernel.Feature;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the suite found of a kernel.
 *
 * @param kernels the variants that were run
 * @param seed of the random cases
 * @param properties one outcome for each property
 * @param cases one for each fixed case
 * @param problems one for each problem of the file
 */
public record SuiteReport(List<ConvKernel> kernels, long seed, List<Outcome> properties, List<Outcome> cases,
        List<Outcome> problems) {
    /** {@return whether nothing failed} */
    public boolean passed() {
        return all().allMatch(outcome -> outcome.failed() == 0);
    }

    private Stream<Outcome> all() {
        return Stream.of(properties, cases, problems).flatMap(List::stream);
    }

    /** {@return one sentence} */
    public String summary() {
        long passed = all().filter(Outcome::passed).count();
        long failed = all().filter(outcome -> outcome.failed() > 0).count();
        long notRun = all().filter(outcome -> outcome.ran() == 0).count();
        return passed + " passed, " + failed + " failed, " + notRun + " not run";
    }

    /**
     * The report as Markdown.
     *
     * @param facts lines about what ran and where, below the title
     * @return text that ends with a line break
     */
    public String markdown(List<String> facts) {
        ConvKernel first = kernels.getFirst();
        StringBuilder out = new StringBuilder("# ").append(first.name()).append("\n\n");
        out.append(summary()).append(". Seed ").append(seed).append(".\n\n");
        facts.forEach(fact -> out.append("- ").append(fact).append('\n'));
        if (kernels.size() > 1) {
            out.append("- variants: ").append(kernels.stream().map(ConvKernel::name).collect(Collectors.joining("; "))).append('\n');
        }
        out.append("- declared: ").append(titles(first, true)).append('\n');
        out.append("- not declared, and not run: ").append(titles(first, false)).append('\n');
        int terms = 1000;
        if (first.accumulationLength(terms) != terms) {
            out.append("- roundings allowed for a sum of ").append(terms).append(" terms: ")
                    .append(first.accumulationLength(terms)).append('\n');
        }
        table(out, "Properties of random cases", "property", properties);
        table(out, "Fixed cases", "case", cases);
        table(out, "Layers of the problem file", "problem", problems);
        failures(out);
        return out.toString();
    }

    private static String titles(ConvKernel kernel, boolean declared) {
        String titles = Arrays.stream(Feature.values()).filter(f -> kernel.features().contains(f) == declared)
                .map(Feature::title).collect(Collectors.joining(", "));
        return titles.isEmpty() ? "nothing" : titles;
    }

    private static void table(StringBuilder out, String title, String first, List<Outcome> outcomes) {
        out.append("\n## ").append(title).append("\n\n| ").append(first).append(" | checked | failed | verdict |\n|---|---|---|---|\n");
        for (Outcome o : outcomes) {
            out.append("| ").append(o.title()).append(" | ").append(o.ran()).append(" | ").append(o.failed()).append(" | ")
                    .append(o.failed() > 0 ? "**failed**" : o.ran() > 0 ? "passed" : "not run")
                    .append(o.notRun().isEmpty() ? "" : (o.ran() > 0 ? "; not run: " : ": ") + o.notRun()).append(" |\n");
        }
    }

    private void failures(StringBuilder out) {
        List<Outcome> failed = all().filter(outcome -> outcome.failed() > 0).toList();
        if (!failed.isEmpty()) {
            out.append("\n## First failure of each, on its smallest case\n\n");
            failed.forEach(o -> out.append("- ").append(o.title()).append(": ").append(o.failure()).append('\n'));
        }
    }
}
