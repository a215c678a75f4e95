import java.nio.file.Path;
import java.util.Arrays;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One OpenSearch node in a process of its own. Arguments: name, folder, HTTP port, transport port, all nodes as name=address, cluster name,
 * then any settings as key=value. */
public class Node {
    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        Path folder = Path.of(arguments[1]);
        String[] names = arguments[4].replaceAll("=[^,]*", "").split(",");
        String[] addresses = arguments[4].replaceAll("[^,=]*=", "").split(",");
        OpenSearchRunner runner = new OpenSearchRunner();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                runner.close();
            } catch (Exception problem) {
                problem.printStackTrace();
            }
        }));
        runner.onBuild((number, settings) -> {
            settings.put("node.name", name);
            settings.put("network.host", "127.0.0.1");
            settings.put("http.port", arguments[2]);
            settings.put("transport.port", arguments[3]);
            settings.put("discovery.type", "zen"); // the runner's own default is a cluster of one
            settings.putList("discovery.seed_hosts", addresses);
            settings.putList("cluster.initial_cluster_manager_nodes", names);
            // Full disks are tried on purpose; the disk of a test machine must not decide.
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
            settings.put("cluster.fault_detection.leader_check.interval", "500ms");
            settings.put("cluster.fault_detection.follower_check.interval", "500ms");
            settings.put("cluster.fault_detection.leader_check.timeout", "2s");
            settings.put("cluster.fault_detection.follower_check.timeout", "2s");
            for (String setting : Arrays.asList(arguments).subList(6, arguments.length)) {
                settings.put(setting.split("=", 2)[0], setting.split("=", 2)[1]);
            }
        }).build(OpenSearchRunner.newConfigs()
            .clusterName(arguments[5]).numOfNode(1).basePath(folder.toString()).useLogger());
        System.out.println("node " + name + " is up");
        while (System.in.read() >= 0) { } // until who started it has ended, however that was
        Runtime.getRuntime().halt(0);
    }
}
