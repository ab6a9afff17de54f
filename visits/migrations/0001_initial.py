import datetime
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orgs', '0001_initial'),
        ('registry', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='VisitRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
                ('risk', models.CharField(choices=[('high', '高'), ('raised', '较高'), ('general', '一般'), ('watch', '关注')], max_length=8, verbose_name='风险等级')),
                ('category', models.CharField(blank=True, choices=[('orphan', '孤儿'), ('de_facto', '事实无人抚养儿童'), ('difficulty', '困境儿童'), ('left_behind', '留守儿童'), ('migrant', '流动儿童')], max_length=12, verbose_name='类别')),
                ('role', models.CharField(choices=[('village_director', '儿童福利主任'), ('township_clerk', '工作站工作人员'), ('county_officer', '县级指导中心工作人员'), ('city_officer', '市级指导中心工作人员'), ('city_admin', '系统管理员'), ('auditor', '审计员')], default='village_director', max_length=32, verbose_name='岗位')),
                ('days', models.PositiveSmallIntegerField(verbose_name='间隔天数')),
                ('since', models.DateField(default=datetime.date(2017, 5, 8), verbose_name='起')),
                ('until', models.DateField(blank=True, null=True, verbose_name='止')),
            ],
            options={
                'verbose_name': '走访频次规则',
                'constraints': [models.CheckConstraint(condition=models.Q(('days__gte', 1)), name='rule_of_at_least_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('city', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
                ('township', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='registry.childfile')),
                ('visited_on', models.DateField(verbose_name='走访日期')),
                ('method', models.CharField(choices=[('home', '入户'), ('school', '学校'), ('phone', '电话'), ('video', '视频')], default='home', max_length=8, verbose_name='走访方式')),
                ('outcome', models.CharField(choices=[('seen', '见到了孩子'), ('not_found', '没找到人'), ('refused', '被拒绝'), ('away', '外出不在'), ('wrong_address', '地址不对')], default='seen', max_length=16, verbose_name='走访结果')),
                ('late_reason', models.CharField(blank=True, max_length=100, verbose_name='补录原因')),
                ('met', models.CharField(blank=True, max_length=50, verbose_name='见到谁')),
                ('met_relation', models.CharField(blank=True, max_length=30, verbose_name='与儿童关系')),
                ('seen_alone', models.BooleanField(blank=True, null=True, verbose_name='单独见过孩子')),
                ('parent_contact_on', models.DateField(blank=True, null=True, verbose_name='父母最近一次联系')),
                ('carer', models.CharField(blank=True, choices=[('same', '与档案一致'), ('parent', '父母'), ('other', '其他人'), ('nobody', '无人照看')], max_length=8, verbose_name='实际照看人')),
                ('carer_note', models.CharField(blank=True, max_length=100, verbose_name='照看人说明')),
                ('care', models.CharField(blank=True, choices=[('good', '好'), ('fair', '一般'), ('poor', '差')], max_length=4, verbose_name='照看情况')),
                ('living', models.CharField(blank=True, choices=[('good', '好'), ('fair', '一般'), ('poor', '差')], max_length=4, verbose_name='吃穿住用')),
                ('attendance', models.CharField(blank=True, choices=[('in_school', '正常到校'), ('leave', '请假'), ('out', '辍学'), ('not_due', '不到入学年龄')], max_length=10, verbose_name='上学')),
                ('health', models.CharField(blank=True, choices=[('good', '好'), ('fair', '一般'), ('poor', '差')], max_length=4, verbose_name='身体')),
                ('mood', models.CharField(blank=True, choices=[('cheerful', '开朗'), ('ordinary', '一般'), ('low', '低落或异常')], max_length=8, verbose_name='情绪')),
                ('lives_alone', models.BooleanField(blank=True, null=True, verbose_name='单独居住')),
                ('hazards', models.JSONField(blank=True, default=list, verbose_name='安全隐患')),
                ('hazard_note', models.CharField(blank=True, max_length=200, verbose_name='隐患说明')),
                ('family_change', models.CharField(blank=True, max_length=200, verbose_name='家庭变化')),
                ('guardian_words', models.CharField(blank=True, max_length=200, verbose_name='监护人的话')),
                ('needs', models.CharField(blank=True, max_length=200, verbose_name='需要什么帮助')),
                ('help_given', models.CharField(blank=True, max_length=200, verbose_name='已提供的帮助和指导')),
                ('benefits', models.CharField(blank=True, max_length=100, verbose_name='正在享受的救助')),
                ('focus', models.BooleanField(default=False, verbose_name='重点关注')),
                ('next_on', models.DateField(blank=True, null=True, verbose_name='约定下次走访')),
                ('latitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True)),
                ('longitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True)),
                ('accuracy_m', models.PositiveIntegerField(blank=True, null=True)),
                ('flags', models.JSONField(blank=True, default=list, editable=False)),
                ('state', models.CharField(choices=[('submitted', '待审核'), ('accepted', '已通过'), ('returned', '已退回')], default='submitted', max_length=10, verbose_name='状态')),
                ('version', models.PositiveIntegerField(default=1)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_in', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.appointment')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='记录时间')),
            ],
            options={
                'verbose_name': '走访',
                'indexes': [models.Index(condition=models.Q(('state', 'submitted')), fields=['township', 'visited_on', 'id'], name='visit_review_queue'), models.Index(fields=['child', '-visited_on', '-id'], name='visit_of_child'), models.Index(fields=['county', '-visited_on', '-id'], name='visit_county_newest'), models.Index(fields=['township', '-visited_on', '-id'], name='visit_township_newest'), models.Index(fields=['village', '-visited_on', '-id'], name='visit_village_newest'), models.Index(condition=models.Q(('state', 'returned')), fields=['village', 'visited_on'], name='visit_returned')],
            },
        ),
        migrations.CreateModel(
            name='VisitDue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
                ('township', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.orgunit')),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dues', to='registry.childfile')),
                ('since', models.DateField()),
                ('days', models.PositiveSmallIntegerField()),
                ('due_on', models.DateField(verbose_name='应访日期')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='完成日期')),
                ('visit', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='due', to='visits.visit')),
            ],
            options={
                'verbose_name': '应访',
                'indexes': [models.Index(condition=models.Q(('ended_on', None)), fields=['village', 'due_on', 'child'], name='due_open_village'), models.Index(condition=models.Q(('ended_on', None)), fields=['township', 'due_on', 'child'], name='due_open_township'), models.Index(condition=models.Q(('ended_on', None)), fields=['county', 'due_on', 'child'], name='due_open_county'), models.Index(fields=['county', 'due_on', 'ended_on', 'village'], name='due_figures'), models.Index(fields=['county', 'ended_on', 'due_on', 'village'], name='due_figures_ended')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('child',), name='one_open_due_per_child'), models.CheckConstraint(condition=models.Q(('visit', None), ('ended_on__isnull', False), _connector='OR'), name='a_visit_ends_the_due'), models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('since'))), name='due_after_since')],
            },
        ),
        migrations.CreateModel(
            name='VisitEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=32)),
                ('was', models.CharField(blank=True, max_length=16)),
                ('now', models.CharField(max_length=16)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.appointment')),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='visits.visit')),
            ],
            options={
                'ordering': ['at', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='VisitPhoto',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='visits.visit')),
                ('file', models.CharField(max_length=120)),
                ('width', models.PositiveSmallIntegerField()),
                ('height', models.PositiveSmallIntegerField()),
                ('made_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]
